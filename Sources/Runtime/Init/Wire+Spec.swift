internal import Linux

// The parts of a spec that operations carry.

extension WireWriter {
    mutating func write(_ value: Bool) { write(UInt8(value ? 1 : 0)) }

    mutating func write(_ spread: MountSpec.Spread) {
        write(spread.propagation.rawValue)
        write(spread.isRecursive)
    }

    mutating func write(_ change: MountSpec.Change) {
        write(change.set.rawValue)
        write(change.cleared.rawValue)
    }

    /// Without the mappings, which are the parent's part.
    mutating func write(_ mount: MountSpec) {
        write(mount.destination)
        switch mount.source {
        case .fileSystem(let type, let options, let device):
            write(UInt8(0))
            write(type)
            write(options)
            write(device ?? "")
        case .bind(let source, let isRecursive):
            write(UInt8(isRecursive ? 1 : 2))
            write(source)
        case .cgroups: write(UInt8(3))
        }
        write(mount.change)
        write(mount.changeBelow)
        write(UInt32(mount.spread.count))
        for spread in mount.spread { write(spread) }
        write(mount.copiesUp)
    }

    mutating func write(_ device: DeviceSpec) {
        write(device.path)
        switch device.kind {
        case .characterDevice(let number):
            write(UInt8(0))
            write(number.major)
            write(number.minor)
        case .blockDevice(let number):
            write(UInt8(1))
            write(number.major)
            write(number.minor)
        case .fifo, .regular, .directory, .symbolicLink, .socket, .unknown: write(UInt8(2))
        }
        write(device.mode)
        write(device.owner)
        write(device.group)
    }

    mutating func write(_ hook: Hooks.Hook) {
        write(hook.path)
        write(hook.arguments)
        write(hook.environment)
        write(hook.timeout ?? 0)
    }

    mutating func write(_ scheduling: Scheduling) {
        write(scheduling.policy)
        write(scheduling.flags)
        write(scheduling.nice)
        write(scheduling.priority)
        write(scheduling.runtime)
        write(scheduling.deadline)
        write(scheduling.period)
    }
}

extension WireReader {
    mutating func boolean() throws(SystemError) -> Bool { try number(UInt8.self) == 1 }

    mutating func capabilities() throws(SystemError) -> CapabilitySet { CapabilitySet(mask: try number()) }

    mutating func spread() throws(SystemError) -> MountSpec.Spread {
        guard let propagation = Propagation(rawValue: try number()) else {
            throw SystemError("read", "propagation", .protocolError)
        }
        return MountSpec.Spread(propagation, recursive: try boolean())
    }

    mutating func change() throws(SystemError) -> MountSpec.Change {
        MountSpec.Change(set: MountFlags(rawValue: try number()), cleared: MountFlags(rawValue: try number()))
    }

    mutating func mount() throws(SystemError) -> MountSpec {
        let destination = try text()
        let source: MountSpec.Source
        switch try number(UInt8.self) {
        case 0:
            let (type, options, device) = (try text(), try text(), try text())
            source = .fileSystem(type, options: options, device: device.isEmpty ? nil : device)
        case 1: source = .bind(try text(), recursive: true)
        case 2: source = .bind(try text(), recursive: false)
        default: source = .cgroups
        }
        var mount = MountSpec(source, at: destination, change: try change())
        mount.changeBelow = try change()
        for _ in 0..<(try number(UInt32.self)) { mount.spread.append(try spread()) }
        mount.copiesUp = try boolean()
        return mount
    }

    mutating func device() throws(SystemError) -> DeviceSpec {
        let path = try text()
        let kind: FileStatus.Kind
        switch try number(UInt8.self) {
        case 0: kind = .characterDevice(DeviceNumber(major: try number(), minor: try number()))
        case 1: kind = .blockDevice(DeviceNumber(major: try number(), minor: try number()))
        default: kind = .fifo
        }
        return DeviceSpec(path, kind, mode: try number(), owner: try number(), group: try number())
    }

    mutating func hook() throws(SystemError) -> Hooks.Hook {
        let (path, arguments, environment, timeout) = (try text(), try texts(), try texts(), try number(UInt32.self))
        return Hooks.Hook(
            path: path, arguments: arguments, environment: environment, timeout: timeout == 0 ? nil : timeout)
    }

    mutating func scheduling() throws(SystemError) -> Scheduling {
        Scheduling(
            policy: try number(), flags: try number(), nice: try number(), priority: try number(),
            runtime: try number(), deadline: try number(), period: try number())
    }
}
