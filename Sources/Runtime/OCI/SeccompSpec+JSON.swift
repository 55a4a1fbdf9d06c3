public import JSON

extension SeccompSpec {
    /// Reads the runtime specification's `linux.seccomp`, which is also what profiles in files look like.
    ///
    /// - Throws: `SeccompError.profile`, naming the place, for what is missing, misspelt or not acted on.
    public init(json: JSONValue) throws(SeccompError) {
        do {
            try self.init(try SpecObject(json))
        } catch {
            throw .profile("\(error)")
        }
    }

    init(_ decoder: SpecObject) throws(SpecError) {
        for key in ["archMap", "listenerPath", "listenerMetadata"] where decoder.has(key) {
            throw decoder.failure(key, "not acted on")
        }
        self.init(
            defaultAction: try decoder.action("defaultAction", errno: "defaultErrnoRet"),
            architectures: try decoder.texts("architectures"), flags: try decoder.texts("flags"))
        for rule in try decoder.list("syscalls") { rules.append(try Rule(rule)) }
    }
}

extension SeccompSpec.Rule {
    fileprivate init(_ decoder: SpecObject) throws(SpecError) {
        // Docker's profiles have conditions, which its engine resolves before a runtime sees them. Not to know them would
        // be to let calls pass.
        for key in ["includes", "excludes"] where decoder.hasContent(key) {
            throw decoder.failure(key, "not acted on; write down what it comes to")
        }
        let names = try decoder.texts("names")
        guard !names.isEmpty else { throw decoder.failure("names", "expected the names of system calls") }
        var arguments: [SeccompSpec.Argument] = []
        for argument in try decoder.list("args") { arguments.append(try SeccompSpec.Argument(argument)) }
        self.init(names, try decoder.action("action", errno: "errnoRet"), arguments: arguments)
    }
}

extension SeccompSpec.Argument {
    fileprivate init(_ decoder: SpecObject) throws(SpecError) {
        let name = try decoder.requiredText("op")
        guard let comparison = Comparison(rawValue: name) else {
            throw decoder.failure("op", "unknown comparison \"\(name)\"")
        }
        guard let index = try decoder.integer("index", as: UInt32.self), index < 6 else {
            throw decoder.failure("index", "expected the number of an argument, from 0 to 5")
        }
        guard let value = try decoder.integer("value", as: UInt64.self) else {
            throw decoder.failure("value", "expected a number")
        }
        self.init(
            index: index, value: value, secondValue: try decoder.integer("valueTwo") ?? 0,
            comparison: comparison)
    }
}

extension SpecObject {
    /// - Parameter errno: the key of the number that goes with the action.
    fileprivate func action(_ key: String, errno: String) throws(SpecError) -> SeccompSpec.Action {
        let name = try requiredText(key)
        let number = try integer(errno, as: UInt64.self)
        // EPERM where nobody says, as the specification has it.
        guard let code = UInt16(exactly: number ?? 1), code <= 4095 || name == "SCMP_ACT_TRACE" else {
            throw failure(errno, "expected an error number, at most 4095")
        }
        switch name {
        case "SCMP_ACT_ERRNO": return .errno(code)
        case "SCMP_ACT_TRACE": return .trace(code)
        default: break
        }
        guard number == nil else { throw failure(errno, "means nothing with \(name)") }
        switch name {
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": return .killThread
        case "SCMP_ACT_KILL_PROCESS": return .killProcess
        case "SCMP_ACT_TRAP": return .trap
        case "SCMP_ACT_LOG": return .log
        case "SCMP_ACT_ALLOW": return .allow
        case "SCMP_ACT_NOTIFY": throw failure(key, "SCMP_ACT_NOTIFY asks a listener, which is not acted on")
        default: throw failure(key, "unknown action \"\(name)\"")
        }
    }
}
