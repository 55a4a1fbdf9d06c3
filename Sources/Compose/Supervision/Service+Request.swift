internal import Linux
internal import Runtime

extension Service {
    /// The container that an instance of the service runs in.
    ///
    /// - Throws: `RuntimeError.setup` with `.invalidArgument` where a value that the loader let pass means nothing here,
    ///   `.seccomp` where the profile is not there any more, or is none.
    func request(changes: RootChanges) throws(RuntimeError) -> ContainerRequest {
        let root = RootSpec(path: rootfs.path, readOnly: isReadOnly, changes: changes)
        var request = ContainerRequest(root: root, command: arguments, hostname: hostname)
        request.environment = environment.map { ContainerRequest.Variable($0.key, $0.value) }
        request.workingDirectory = workingDirectory
        if let user {
            guard let specifier = UserSpecifier(user) else {
                throw .setup(SystemError("user", user, .invalidArgument))
            }
            request.user = specifier
        }
        request.network = network == .none ? .none : .host
        request.resources = try resources()
        request.mounts = mounts.map(\.spec) + tmpfs.map(\.spec)
        request.terminal = console.hasTerminal
        request.noNewPrivileges = rights.noNewPrivileges
        request.seccomp = try rights.seccomp.choice()
        try grantRights(&request)
        request.hidesCgroups = namespaces.hidesCgroups
        request.domainName = namespaces.domainName
        request.ipc = namespaces.ipc.withoutServices
        request.processes = namespaces.processes.withoutServices
        request.names = namespaces.names.withoutServices
        request.sharedMemory = namespaces.hasSharedMemory ? .own(limits.sharedMemory) : .none
        request.systemControls = limits.kernelSettings.map { SystemControl($0.name, $0.value) }
        request.limits = limits.processes
        request.oomScoreAdjustment = limits.oomScoreAdjustment
        return request
    }

    private func grantRights(_ request: inout ContainerRequest) throws(RuntimeError) {
        request.isPrivileged = rights.isPrivileged
        request.showsKernel = rights.showsKernel
        // Where there is no AppArmor nobody is confined by it.
        if let profile = rights.appArmorProfile,
            profile != "unconfined" || (try? FileStatus.of("/sys/module/apparmor")) != nil
        {
            request.appArmorProfile = profile
        }
        request.groups = rights.groups.compactMap { UserSpecifier.Reference($0) }
        guard rights.isPrivileged || rights.capabilities != CapabilityChange() else { return }
        let available = boundingSet()
        if let missing = rights.capabilities.missing(from: available).first {
            throw .setup(SystemError("add", "\(missing.name), which cannot be had here", .operationNotPermitted))
        }
        request.capabilities = rights.capabilities.applied(
            to: rights.isPrivileged ? available : .standard, available: available)
    }

    /// What its cgroup is limited to.
    private func resources() throws(RuntimeError) -> Runtime.Resources {
        var resources = Runtime.Resources(
            pids: pidsLimit.number, memory: memoryLimit, cpus: cpus.flatMap { CPUCount($0.count) })
        resources.memory.reservation = limits.memoryReservation?.bytes
        resources.memory.swap = limits.memoryAndSwap
        resources.memory.swappiness = limits.swappiness
        if limits.waitsForMemory { resources.memory.disableOOMKiller = true }
        resources.cpu.shares = limits.cpuShares
        if let quota = limits.cpuQuota { resources.cpu.quota = quota }
        if let period = limits.cpuPeriod { resources.cpu.period = period }
        resources.cpu.realtimeRuntime = limits.realtimeRuntime
        resources.cpu.realtimePeriod = limits.realtimePeriod
        resources.cpu.cpus = limits.cpuset
        do {
            resources.blockIO = try limits.blockIO.resources()
        } catch {
            throw .setup(error)
        }
        return resources
    }
}

extension ServiceLimits.BlockIO {
    fileprivate func resources() throws(SystemError) -> Runtime.Resources.BlockIO {
        var resources = Runtime.Resources.BlockIO()
        resources.weight = weight
        for rate in weights {
            let device = try Self.device(rate.path)
            resources.weightDevice.append(.init(device, weight: UInt16(clamping: rate.value)))
        }
        resources.throttleReadBps = try Self.throttles(readBytes)
        resources.throttleReadIOPS = try Self.throttles(readOperations)
        resources.throttleWriteBps = try Self.throttles(writtenBytes)
        resources.throttleWriteIOPS = try Self.throttles(writeOperations)
        return resources
    }

    private static func throttles(_ rates: [Rate]) throws(SystemError) -> [Runtime.Resources.BlockIO.Throttle] {
        var throttles: [Runtime.Resources.BlockIO.Throttle] = []
        for rate in rates { throttles.append(.init(try device(rate.path), rate: rate.value)) }
        return throttles
    }

    private static func device(_ path: String) throws(SystemError) -> DeviceNumber {
        guard case .blockDevice(let number) = try FileStatus.of(path).kind else {
            throw SystemError("limit", "\(path), which is no block device", .invalidArgument)
        }
        return number
    }
}

extension ServiceNamespaces.Sharing {
    /// Which process of another service is shared with is known when the container is started.
    fileprivate var withoutServices: ContainerRequest.Sharing { self == .host ? .host : .own }
}

extension SeccompOption {
    fileprivate func choice() throws(RuntimeError) -> SeccompChoice {
        switch self {
        case .standard: return .standard
        case .unconfined: return .unconfined
        case .file(let path):
            do {
                return .profile(try SeccompSpec(file: path))
            } catch {
                throw .seccomp(error)
            }
        }
    }
}

extension PidsLimit {
    /// Nil for no limit.
    fileprivate var number: Int64? {
        switch self {
        case .unlimited: nil
        case .limited(let number): number
        }
    }
}

extension BindMount {
    fileprivate var spec: MountSpec {
        var spec: MountSpec
        let flags: MountFlags = isReadOnly ? [.noDevices, .readOnly] : .noDevices
        switch recursion {
        case .enabled, .readOnly: spec = MountSpec(.bind(source), at: target, flags: flags)
        case .disabled: spec = MountSpec(.bind(source, recursive: false), at: target, flags: flags)
        case .writable:
            spec = MountSpec(.bind(source), at: target, flags: .noDevices)
            spec.change = MountSpec.Change(set: flags)
        }
        if let spread = propagation.flatMap({ MountSpec.Spread($0) }) { spec.spread = [spread] }
        return spec
    }
}

extension TmpfsMount {
    fileprivate var spec: MountSpec {
        let options = MountOptions(
            options.joined(separator: ","), defaults: [.noSetUserID, .noDevices, .noExecution])
        var data = options.data.isEmpty ? [] : [options.data]
        if let size { data.append("size=\(size.bytes)") }
        data.append("mode=\(String(mode ?? 0o1777, radix: 8))")
        return MountSpec(
            .fileSystem("tmpfs", options: data.joined(separator: ",")), at: target, flags: options.flags)
    }
}
