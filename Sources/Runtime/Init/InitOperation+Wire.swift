internal import Linux

// The two halves stand side by side: what one writes, the other reads, case by case.

extension InitOperation {
    func write(to wire: inout WireWriter) {
        wire.write(opcode)
        switch self {
        case .enterCgroup(let text), .openRoot(let text), .maskPath(let text), .makeReadOnly(let text),
            .setHostname(let text), .enterDirectory(let text):
            wire.write(text)
        case .unshareCgroupNamespace, .dieWithParent, .raiseLoopback, .makeMountsPrivate, .populateDevices,
            .makeRootReadOnly, .pivotRoot, .moveRoot, .startSession, .setNoNewPrivileges, .prepareExecution:
            break
        case .openOverlayRoot(let lower, .temporary):
            wire.write([lower])
        case .openOverlayRoot(let lower, .directory(let upper, let work)):
            wire.write([lower, upper, work])
        case .mount(let type, let target, let flags, let options):
            wire.write([type, target, options])
            wire.write(flags.rawValue)
        case .bind(let source, let target, let flags):
            wire.write([source, target])
            wire.write(flags.rawValue)
        case .openTerminal(let size, let owner):
            wire.write(size.columns)
            wire.write(size.rows)
            wire.write(owner)
        case .setFileModeMask(let mask):
            wire.write(mask)
        case .limitBoundingSet(let set), .setCapabilities(let set):
            wire.write(set.mask)
        case .assume(let identity):
            wire.write(identity.user)
            wire.write(identity.group)
            wire.write(UInt32(identity.supplementaryGroups.count))
            for group in identity.supplementaryGroups { wire.write(group) }
        case .announce(let command):
            wire.write(command)
        case .installSeccomp(let filter, let flags):
            wire.write(filter)
            wire.write(flags)
        case .execute(let arguments, let environment):
            wire.write(arguments)
            wire.write(environment)
        }
    }

    init(from wire: inout WireReader) throws(SystemError) {
        let opcode = try wire.number(UInt8.self)
        switch opcode {
        case 0: self = .enterCgroup(tasks: try wire.text())
        case 1: self = .unshareCgroupNamespace
        case 2: self = .dieWithParent
        case 3: self = .raiseLoopback
        case 4: self = .makeMountsPrivate
        case 5: self = .openRoot(path: try wire.text())
        case 6:
            let paths = try wire.texts()
            guard paths.count == 1 || paths.count == 3 else { throw Self.unknown(opcode) }
            let layer: OverlayLayer = paths.count == 3 ? .directory(upper: paths[1], work: paths[2]) : .temporary
            self = .openOverlayRoot(lower: paths[0], layer: layer)
        case 7:
            let texts = try wire.texts()
            guard texts.count == 3 else { throw Self.unknown(opcode) }
            self = .mount(
                type: texts[0], target: texts[1], flags: MountFlags(rawValue: try wire.number()), options: texts[2])
        case 8:
            let texts = try wire.texts()
            guard texts.count == 2 else { throw Self.unknown(opcode) }
            self = .bind(source: texts[0], target: texts[1], flags: MountFlags(rawValue: try wire.number()))
        case 9: self = .populateDevices
        case 10: self = .maskPath(try wire.text())
        case 11: self = .makeReadOnly(path: try wire.text())
        case 12: self = .makeRootReadOnly
        case 13: self = .setHostname(try wire.text())
        case 14: self = .pivotRoot
        case 15: self = .moveRoot
        case 16: self = .startSession
        case 17:
            let size = TerminalSize(columns: try wire.number(), rows: try wire.number())
            self = .openTerminal(size: size, owner: try wire.number())
        case 18: self = .enterDirectory(try wire.text())
        case 19: self = .setFileModeMask(try wire.number())
        case 20: self = .limitBoundingSet(CapabilitySet(mask: try wire.number()))
        case 21:
            var identity = Identity(user: try wire.number(), group: try wire.number())
            for _ in 0..<(try wire.number(UInt32.self)) { identity.supplementaryGroups.append(try wire.number()) }
            self = .assume(identity)
        case 22: self = .setCapabilities(CapabilitySet(mask: try wire.number()))
        case 23: self = .setNoNewPrivileges
        case 24: self = .announce(command: try wire.texts())
        case 25: self = .execute(arguments: try wire.texts(), environment: try wire.texts())
        case 26: self = .prepareExecution
        case 27: self = .installSeccomp(filter: try wire.content(), flags: try wire.number())
        default: throw Self.unknown(opcode)
        }
    }

    private var opcode: UInt8 {
        switch self {
        case .enterCgroup: 0
        case .unshareCgroupNamespace: 1
        case .dieWithParent: 2
        case .raiseLoopback: 3
        case .makeMountsPrivate: 4
        case .openRoot: 5
        case .openOverlayRoot: 6
        case .mount: 7
        case .bind: 8
        case .populateDevices: 9
        case .maskPath: 10
        case .makeReadOnly: 11
        case .makeRootReadOnly: 12
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
        self.operations = operations
    }
}
