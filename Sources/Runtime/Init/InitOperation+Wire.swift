internal import Linux

// The two halves stand side by side: what one writes, the other reads, case by case.

extension InitOperation {
    func write(to wire: inout WireWriter) {
        wire.write(opcode)
        switch self {
        case .enterCgroup(let text), .maskPath(let text), .makeReadOnly(let text), .setHostname(let text),
            .enterDirectory(let text), .setTimeOffsets(let text), .makeParentPrivate(let text),
            .setDomainName(let text), .joinSessionKeyring(let text), .makeMountReadOnly(let text),
            .removeTree(let text):
            wire.write(text)
        case .trace, .leaveInitBehind, .becomeNamespaceRoot, .fork, .dieWithParent, .raiseLoopback, .moveRoot,
            .startSession, .setNoNewPrivileges:
            break
        case .setOOMScoreAdjustment(let score): wire.write(score)
        case .pivotRoot(let keepsFromHost): wire.write(keepsFromHost)
        case .joinNamespaces(let descriptor, let kinds):
            wire.write(descriptor)
            wire.write(kinds.rawValue)
        case .unshare(let kinds): wire.write(kinds.rawValue)
        case .synchronize(let point): wire.write(point.rawValue)
        case .setPropagation(let spread), .setRootPropagation(let spread): wire.write(spread)
        case .openRoot(let path, let allowsDevices, let propagation):
            wire.write(path)
            wire.write(allowsDevices)
            wire.write(propagation?.rawValue ?? 0)
        case .openOverlayRoot(let lower, let layer, let usesUserAttributes, let allowsDevices):
            switch layer {
            case .temporary: wire.write([lower])
            case .directory(let upper, let work): wire.write([lower, upper, work])
            }
            wire.write(usesUserAttributes)
            wire.write(allowsDevices)
        case .mount(let mount, let prepared):
            wire.write(mount)
            wire.write(prepared ?? -1)
        case .mountCgroups(let mounts, let target, let change):
            wire.write(UInt32(mounts.count))
            for mount in mounts { wire.write([mount.source, mount.name] + mount.links) }
            wire.write(target)
            wire.write(change)
        case .populateDevices(let setup):
            wire.write(UInt32(setup.nodes.count))
            for node in setup.nodes { wire.write(node) }
            wire.write(setup.isClosed)
            wire.write(setup.bindsNodes)
        case .setSystemControls(let settings):
            wire.write(UInt32(settings.count))
            for setting in settings { wire.write([setting.key, setting.value]) }
        case .runHooks(let hooks, let name):
            wire.write(UInt32(hooks.count))
            for hook in hooks { wire.write(hook) }
            wire.write(name)
        case .openTerminal(let size, let owner):
            wire.write(size.columns)
            wire.write(size.rows)
            wire.write(owner)
        case .setFileModeMask(let mask): wire.write(mask)
        case .setPersonality(let domain): wire.write(domain)
        case .setScheduling(let scheduling): wire.write(scheduling)
        case .setIOPriority(let priority): wire.write(priority.rawValue)
        case .setLimit(let limit):
            wire.write(limit.kind.rawValue)
            wire.write(limit.soft)
            wire.write(limit.hard)
        case .setSecurityLabel(let file, let label): wire.write([file, label])
        case .limitBoundingSet(let set): wire.write(set.mask)
        case .setCapabilities(let sets):
            wire.write(sets.bounding.mask)
            wire.write(sets.effective.mask)
            wire.write(sets.permitted.mask)
            wire.write(sets.inheritable.mask)
            wire.write(sets.ambient.mask)
        case .assume(let identity):
            wire.write(identity.user)
            wire.write(identity.group)
            wire.write(UInt32(identity.supplementaryGroups.count))
            for group in identity.supplementaryGroups { wire.write(group) }
        case .announce(let command): wire.write(command)
        case .awaitStart(let descriptor, let report):
            wire.write(descriptor)
            wire.write(report)
        case .prepareExecution(let first): wire.write(first)
        case .installSeccomp(let filter, let flags):
            wire.write(filter)
            wire.write(flags)
        case .execute(let arguments, let environment), .findCommand(let arguments, let environment):
            wire.write(arguments)
            wire.write(environment)
        }
    }

    init(from wire: inout WireReader) throws(SystemError) {
        let opcode = try wire.number(UInt8.self)
        switch opcode {
        case 0: self = .enterCgroup(tasks: try wire.text())
        case 1: self = .unshare(Namespaces(rawValue: try wire.number()))
        case 2: self = .dieWithParent
        case 3: self = .raiseLoopback
        case 4: self = .setPropagation(try wire.spread())
        case 5:
            self = .openRoot(
                path: try wire.text(), allowsDevices: try wire.boolean(),
                propagation: Propagation(rawValue: try wire.number()))
        case 6:
            let paths = try wire.texts()
            guard paths.count == 1 || paths.count == 3 else { throw Self.unknown(opcode) }
            let layer: OverlayLayer = paths.count == 3 ? .directory(upper: paths[1], work: paths[2]) : .temporary
            self = .openOverlayRoot(
                lower: paths[0], layer: layer, usesUserAttributes: try wire.boolean(),
                allowsDevices: try wire.boolean())
        case 7:
            let mount = try wire.mount()
            let prepared: CInt = try wire.number()
            self = .mount(mount, prepared: prepared < 0 ? nil : prepared)
        case 8:
            var mounts: [CgroupMount] = []
            for _ in 0..<(try wire.number(UInt32.self)) {
                let texts = try wire.texts()
                guard texts.count >= 2 else { throw Self.unknown(opcode) }
                mounts.append(CgroupMount(source: texts[0], name: texts[1], links: Array(texts[2...])))
            }
            self = .mountCgroups(mounts, target: try wire.text(), try wire.change())
        case 9:
            var nodes: [DeviceSpec] = []
            for _ in 0..<(try wire.number(UInt32.self)) { nodes.append(try wire.device()) }
            self = .populateDevices(
                DeviceSetup(nodes: nodes, isClosed: try wire.boolean(), bindsNodes: try wire.boolean()))
        case 10: self = .maskPath(try wire.text())
        case 11: self = .makeReadOnly(path: try wire.text())
        case 12: self = .makeMountReadOnly(path: try wire.text())
        case 13: self = .setHostname(try wire.text())
        case 14: self = .pivotRoot(keepsFromHost: try wire.boolean())
        case 15: self = .moveRoot
        case 16: self = .startSession
        case 17:
            let size = TerminalSize(columns: try wire.number(), rows: try wire.number())
            self = .openTerminal(size: size, owner: try wire.number())
        case 18: self = .enterDirectory(try wire.text())
        case 19: self = .setFileModeMask(try wire.number())
        case 20: self = .limitBoundingSet(try wire.capabilities())
        case 21:
            var identity = Identity(user: try wire.number(), group: try wire.number())
            for _ in 0..<(try wire.number(UInt32.self)) { identity.supplementaryGroups.append(try wire.number()) }
            self = .assume(identity)
        case 22:
            self = .setCapabilities(
                CapabilitySets(
                    bounding: try wire.capabilities(), effective: try wire.capabilities(),
                    permitted: try wire.capabilities(), inheritable: try wire.capabilities(),
                    ambient: try wire.capabilities()))
        case 23: self = .setNoNewPrivileges
        case 24: self = .announce(command: try wire.texts())
        case 25: self = .execute(arguments: try wire.texts(), environment: try wire.texts())
        case 26: self = .prepareExecution(first: try wire.number())
        case 27: self = .installSeccomp(filter: try wire.content(), flags: try wire.number())
        case 28: self = .setOOMScoreAdjustment(try wire.number())
        case 29: self = .joinNamespaces(descriptor: try wire.number(), kinds: Namespaces(rawValue: try wire.number()))
        case 30:
            guard let point = SyncPoint(rawValue: try wire.number()) else { throw Self.unknown(opcode) }
            self = .synchronize(point)
        case 31: self = .becomeNamespaceRoot
        case 32: self = .setTimeOffsets(try wire.text())
        case 33: self = .fork
        case 34: self = .makeParentPrivate(of: try wire.text())
        case 35:
            var settings: [SystemControl] = []
            for _ in 0..<(try wire.number(UInt32.self)) {
                let texts = try wire.texts()
                guard texts.count == 2 else { throw Self.unknown(opcode) }
                settings.append(SystemControl(texts[0], texts[1]))
            }
            self = .setSystemControls(settings)
        case 36: self = .setDomainName(try wire.text())
        case 37: self = .joinSessionKeyring(try wire.text())
        case 38:
            var hooks: [Hooks.Hook] = []
            for _ in 0..<(try wire.number(UInt32.self)) { hooks.append(try wire.hook()) }
            self = .runHooks(hooks, name: try wire.text())
        case 39: self = .setRootPropagation(try wire.spread())
        case 40: self = .setPersonality(try wire.number())
        case 41: self = .setScheduling(try wire.scheduling())
        case 42: self = .setIOPriority(IOPriority(rawValue: try wire.number()))
        case 43:
            let kind = ResourceLimit.Kind(rawValue: try wire.number())
            self = .setLimit(ResourceLimit(kind, soft: try wire.number(), hard: try wire.number()))
        case 44:
            let texts = try wire.texts()
            guard texts.count == 2 else { throw Self.unknown(opcode) }
            self = .setSecurityLabel(file: texts[0], label: texts[1])
        case 45: self = .findCommand(arguments: try wire.texts(), environment: try wire.texts())
        case 46: self = .awaitStart(descriptor: try wire.number(), report: try wire.number())
        case 48: self = .trace
        case 49: self = .leaveInitBehind
        case 47: self = .removeTree(try wire.text())
        default: throw Self.unknown(opcode)
        }
    }

    private var opcode: UInt8 {
        switch self {
        case .enterCgroup: 0
        case .unshare: 1
        case .dieWithParent: 2
        case .raiseLoopback: 3
        case .setPropagation: 4
        case .openRoot: 5
        case .openOverlayRoot: 6
        case .mount: 7
        case .mountCgroups: 8
        case .populateDevices: 9
        case .maskPath: 10
        case .makeReadOnly: 11
        case .makeMountReadOnly: 12
        case .setHostname: 13
        case .pivotRoot: 14
        case .moveRoot: 15
        case .startSession: 16
        case .openTerminal: 17
        case .enterDirectory: 18
        case .setFileModeMask: 19
        case .limitBoundingSet: 20
        case .assume: 21
        case .setCapabilities: 22
        case .setNoNewPrivileges: 23
        case .announce: 24
        case .execute: 25
        case .prepareExecution: 26
        case .installSeccomp: 27
        case .setOOMScoreAdjustment: 28
        case .joinNamespaces: 29
        case .synchronize: 30
        case .becomeNamespaceRoot: 31
        case .setTimeOffsets: 32
        case .fork: 33
        case .makeParentPrivate: 34
        case .setSystemControls: 35
        case .setDomainName: 36
        case .joinSessionKeyring: 37
        case .runHooks: 38
        case .setRootPropagation: 39
        case .setPersonality: 40
        case .setScheduling: 41
        case .setIOPriority: 42
        case .setLimit: 43
        case .setSecurityLabel: 44
        case .findCommand: 45
        case .awaitStart: 46
        case .removeTree: 47
        case .trace: 48
        case .leaveInitBehind: 49
        }
    }

    private static func unknown(_ opcode: UInt8) -> SystemError {
        SystemError("read", "init operation \(opcode)", .protocolError)
    }
}

extension InitProgram {
    var wire: [UInt8] {
        var body = WireWriter()
        for operation in operations { operation.write(to: &body) }
        var message = WireWriter()
        message.write(UInt32(body.bytes.count))
        return message.bytes + body.bytes
    }

    init(wire bytes: [UInt8]) throws(SystemError) {
        var reader = WireReader(bytes)
        var operations: [InitOperation] = []
        while !reader.isAtEnd { operations.append(try InitOperation(from: &reader)) }
        // By now they are made.
        self.init(operations: operations, clonedNamespaces: [])
    }
}
