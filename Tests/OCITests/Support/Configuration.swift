import JSON

/// A `config.json` in the making.
struct Configuration {
    var json: JSONValue

    /// The value at a path such as `process.user.uid`; setting it makes what is missing above it, and nil removes it.
    ///
    /// A key with a dot in it cannot be part of a path: set the object that has it.
    subscript(path: String) -> JSONValue? {
        get {
            path.split(separator: ".").reduce(Optional(json)) { value, key in value?[String(key)] }
        }
        set {
            json = Self.setting(newValue, at: path.split(separator: ".").map(String.init)[...], in: json)
        }
    }

    private static func setting(_ new: JSONValue?, at path: ArraySlice<String>, in value: JSONValue?) -> JSONValue {
        guard let key = path.first else { return new ?? .null }
        var entries: [(key: String, value: JSONValue)] = []
        if case .object(let existing) = value { entries = existing }
        let old = entries.last { $0.key == key }?.value
        if path.count == 1, new == nil {
            entries.removeAll { $0.key == key }
            return .object(entries)
        }
        let changed = setting(new, at: path.dropFirst(), in: old)
        if let index = entries.firstIndex(where: { $0.key == key }) {
            entries[index].value = changed
        } else {
            entries.append((key, changed))
        }
        return .object(entries)
    }

    /// Adds an item to the list at `path`.
    mutating func append(_ item: JSONValue, to path: String) {
        self[path] = .array(items(of: path) + [item])
    }

    func items(of path: String) -> [JSONValue] {
        guard case .array(let items) = self[path] else { return [] }
        return items
    }

    /// Removes the items of the list at `path` whose `key` is `value`.
    mutating func remove(from path: String, where key: String, is value: String) {
        self[path] = .array(items(of: path).filter { $0[key]?.text != value })
    }

    var script: String {
        get { items(of: "process.args").last?.text ?? "" }
        set { self["process.args"] = .strings(["/bin/sh", "-c", newValue]) }
    }

    mutating func mount(_ type: String?, on destination: String, from source: String? = nil, _ options: String...) {
        mount(type, on: destination, from: source, options)
    }

    mutating func mount(_ type: String?, on destination: String, from source: String? = nil, _ options: [String]) {
        var entries: [(key: String, value: JSONValue)] = [("destination", .string(destination))]
        if let type { entries.append(("type", .string(type))) }
        entries.append(("source", .string(source ?? type ?? "none")))
        entries.append(("options", .strings(options)))
        append(.object(entries), to: "mounts")
    }

    mutating func bind(_ source: String, on destination: String, _ options: String...) {
        mount("bind", on: destination, from: source, ["bind"] + options)
    }

    /// Gives the container a user namespace whose user 0 is `first` on the host.
    mutating func mapUsers(from first: Int64 = 100_000, count: Int64 = 65_536) {
        append(["type": "user"], to: "linux.namespaces")
        let map: JSONValue = [["containerID": 0, "hostID": .integer(first), "size": .integer(count)]]
        self["linux.uidMappings"] = map
        self["linux.gidMappings"] = map
    }
}

extension JSONValue {
    static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var number: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    var items: [JSONValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    var keys: [String] {
        guard case .object(let entries) = self else { return [] }
        return entries.map(\.key)
    }

    var texts: [String] { items?.compactMap(\.text) ?? [] }

    static func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }
}
