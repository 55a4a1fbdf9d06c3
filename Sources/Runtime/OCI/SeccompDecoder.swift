public import JSON

extension SeccompSpec {
    /// Reads the runtime specification's `linux.seccomp`, which is also what profiles in files look like.
    ///
    /// - Throws: `SeccompError.profile`, naming the place, for what is missing, misspelt or not acted on.
    public init(json: JSONValue) throws(SeccompError) {
        let decoder = try SeccompDecoder(json)
        for key in ["archMap", "listenerPath", "listenerMetadata"] where decoder.has(key) {
            throw .profile("\(key): not acted on")
        }
        self.init(
            defaultAction: try decoder.action("defaultAction", errno: "defaultErrnoRet"),
            architectures: try decoder.texts("architectures"), flags: try decoder.texts("flags"))
        for rule in try decoder.list("syscalls") { rules.append(try Rule(rule)) }
    }
}

extension SeccompSpec.Rule {
    fileprivate init(_ decoder: SeccompDecoder) throws(SeccompError) {
        // Docker's profiles have conditions, which its engine resolves before a runtime sees them. Not to know them would
        // be to let calls pass.
        for key in ["includes", "excludes"] where decoder.hasContent(key) {
            throw .profile("\(decoder.place(key)): not acted on; write down what it comes to")
        }
        let names = try decoder.texts("names")
        guard !names.isEmpty else { throw .profile("\(decoder.place("names")): expected the names of system calls") }
        var arguments: [SeccompSpec.Argument] = []
        for argument in try decoder.list("args") { arguments.append(try SeccompSpec.Argument(argument)) }
        self.init(names, try decoder.action("action", errno: "errnoRet"), arguments: arguments)
    }
}

extension SeccompSpec.Argument {
    fileprivate init(_ decoder: SeccompDecoder) throws(SeccompError) {
        let name = try decoder.text("op")
        guard let comparison = Comparison(rawValue: name) else {
            throw .profile("\(decoder.place("op")): unknown comparison \"\(name)\"")
        }
        guard let index = try decoder.number("index"), index < 6 else {
            throw .profile("\(decoder.place("index")): expected the number of an argument, from 0 to 5")
        }
        guard let value = try decoder.number("value") else {
            throw .profile("\(decoder.place("value")): expected a number")
        }
        self.init(
            index: UInt32(index), value: value, secondValue: try decoder.number("valueTwo") ?? 0,
            comparison: comparison)
    }
}

/// One object of a profile, and where it is.
private struct SeccompDecoder {
    private let value: JSONValue
    private let path: String

    init(_ value: JSONValue, at path: String = "") throws(SeccompError) {
        guard case .object = value else {
            throw .profile("\(path.isEmpty ? "" : "\(path): ")expected an object")
        }
        self.value = value
        self.path = path
    }

    func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// A value that is there; `null` is none.
    private func entry(_ key: String) -> JSONValue? {
        guard let entry = value[key], entry != .null else { return nil }
        return entry
    }

    func has(_ key: String) -> Bool { entry(key) != nil }

    /// Whether there is anything in the object or list of a key.
    func hasContent(_ key: String) -> Bool {
        switch entry(key) {
        case nil: false
        case .object(let entries): !entries.isEmpty
        case .array(let items): !items.isEmpty
        default: true
        }
    }

    func text(_ key: String) throws(SeccompError) -> String {
        guard case .string(let text)? = entry(key) else { throw .profile("\(place(key)): expected a text") }
        return text
    }

    func texts(_ key: String) throws(SeccompError) -> [String] {
        var texts: [String] = []
        for item in try items(key) {
            guard case .string(let text) = item else { throw .profile("\(place(key)): expected a list of texts") }
            texts.append(text)
        }
        return texts
    }

    func list(_ key: String) throws(SeccompError) -> [SeccompDecoder] {
        var list: [SeccompDecoder] = []
        for item in try items(key) { list.append(try SeccompDecoder(item, at: "\(place(key))[\(list.count)]")) }
        return list
    }

    private func items(_ key: String) throws(SeccompError) -> [JSONValue] {
        switch entry(key) {
        case nil: return []
        case .array(let items): return items
        default: throw .profile("\(place(key)): expected a list")
        }
    }

    func number(_ key: String) throws(SeccompError) -> UInt64? {
        switch entry(key) {
        case nil: return nil
        case .integer(let number) where number >= 0: return UInt64(number)
        case .unsigned(let number): return number
        default: throw .profile("\(place(key)): expected a whole number, not below 0")
        }
    }

    /// - Parameter errno: the key of the number that goes with the action.
    func action(_ key: String, errno: String) throws(SeccompError) -> SeccompSpec.Action {
        let name = try text(key)
        let number = try number(errno)
        // EPERM where nobody says, as the specification has it.
        guard let code = UInt16(exactly: number ?? 1), code <= 4095 || name == "SCMP_ACT_TRACE" else {
            throw .profile("\(place(errno)): expected an error number, at most 4095")
        }
        switch name {
        case "SCMP_ACT_ERRNO": return .errno(code)
        case "SCMP_ACT_TRACE": return .trace(code)
        default: break
        }
        guard number == nil else { throw .profile("\(place(errno)): means nothing with \(name)") }
        switch name {
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": return .killThread
        case "SCMP_ACT_KILL_PROCESS": return .killProcess
        case "SCMP_ACT_TRAP": return .trap
        case "SCMP_ACT_LOG": return .log
        case "SCMP_ACT_ALLOW": return .allow
        case "SCMP_ACT_NOTIFY": throw .profile("\(place(key)): SCMP_ACT_NOTIFY asks a listener, which is not acted on")
        default: throw .profile("\(place(key)): unknown action \"\(name)\"")
        }
    }
}
