public import JSON

extension SeccompSpec {
    /// The profile in the form of the runtime specification's `linux.seccomp`.
    public var json: JSONValue {
        .object([
            ("defaultAction", .string(defaultAction.name)),
            ("defaultErrnoRet", defaultAction.number ?? .null),
            ("architectures", .array(architectures.map { .string($0) })),
            ("flags", .array(flags.map { .string($0) })),
            ("syscalls", .array(rules.map(\.json))),
        ])
    }
}

extension SeccompSpec.Rule {
    fileprivate var json: JSONValue {
        .object([
            ("names", .array(names.map { .string($0) })),
            ("action", .string(action.name)),
            ("errnoRet", action.number ?? .null),
            ("args", .array(arguments.map(\.json))),
        ])
    }
}

extension SeccompSpec.Argument {
    fileprivate var json: JSONValue {
        .object([
            ("index", .integer(Int64(index))), ("value", .unsigned(value)), ("valueTwo", .unsigned(secondValue)),
            ("op", .string(comparison.rawValue)),
        ])
    }
}

extension SeccompSpec.Action {
    fileprivate var name: String {
        switch self {
        case .killProcess: "SCMP_ACT_KILL_PROCESS"
        case .killThread: "SCMP_ACT_KILL_THREAD"
        case .trap: "SCMP_ACT_TRAP"
        case .errno: "SCMP_ACT_ERRNO"
        case .trace: "SCMP_ACT_TRACE"
        case .log: "SCMP_ACT_LOG"
        case .allow: "SCMP_ACT_ALLOW"
        case .notify: "SCMP_ACT_NOTIFY"
        }
    }

    fileprivate var number: JSONValue? {
        switch self {
        case .errno(let number), .trace(let number): .integer(Int64(number))
        case .killProcess, .killThread, .trap, .log, .allow, .notify: nil
        }
    }
}
