public import JSON

/// One object of a document, and where it is in it, read key by key.
///
/// A key that is missing and one that is `null` are the same. Keys that nobody asks for are passed over: the
/// specification says that a runtime must not fail for what it does not know.
public struct SpecObject: Sendable {
    let value: JSONValue
    let path: String

    /// - Throws: `SpecError` where `value` is no object.
    public init(_ value: JSONValue, at path: String = "") throws(SpecError) {
        guard case .object = value else { throw SpecError(path, "expected an object") }
        self.value = value
        self.path = path
    }

    /// The place of a key, for people.
    func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func failure(_ key: String, _ message: String) -> SpecError { SpecError(place(key), message) }

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

    // MARK: Single values

    func text(_ key: String) throws(SpecError) -> String? {
        switch entry(key) {
        case nil: return nil
        case .string(let text): return text
        default: throw failure(key, "expected a text")
        }
    }

    func requiredText(_ key: String) throws(SpecError) -> String {
        guard let text = try text(key) else { throw failure(key, "expected a text") }
        return text
    }

    func boolean(_ key: String) throws(SpecError) -> Bool? {
        switch entry(key) {
        case nil: return nil
        case .boolean(let value): return value
        default: throw failure(key, "expected true or false")
        }
    }

    /// A whole number of the type that is wanted.
    func integer<Number: FixedWidthInteger>(
        _ key: String, as _: Number.Type = Number.self
    ) throws(SpecError) -> Number? {
        guard let entry = entry(key) else { return nil }
        if let number = Self.integer(entry, as: Number.self) { return number }
        throw failure(key, "expected a whole number from \(Number.min) to \(Number.max)")
    }

    private static func integer<Number: FixedWidthInteger>(_ value: JSONValue, as _: Number.Type) -> Number? {
        switch value {
        case .integer(let number): Number(exactly: number)
        case .unsigned(let number): Number(exactly: number)
        // Some writers put whole numbers as 1e3 or 5.0.
        case .number(let number): Number(exactly: number)
        default: nil
        }
    }

    func object(_ key: String) throws(SpecError) -> SpecObject? {
        guard let entry = entry(key) else { return nil }
        return try SpecObject(entry, at: place(key))
    }

    // MARK: Lists and maps

    func list(_ key: String) throws(SpecError) -> [SpecObject] {
        var list: [SpecObject] = []
        for item in try items(key) { list.append(try SpecObject(item, at: "\(place(key))[\(list.count)]")) }
        return list
    }

    func texts(_ key: String) throws(SpecError) -> [String] {
        var texts: [String] = []
        for item in try items(key) {
            guard case .string(let text) = item else { throw failure(key, "expected a list of texts") }
            texts.append(text)
        }
        return texts
    }

    func integers<Number: FixedWidthInteger>(
        _ key: String, as _: Number.Type = Number.self
    ) throws(SpecError) -> [Number] {
        var numbers: [Number] = []
        for item in try items(key) {
            guard let number = Self.integer(item, as: Number.self) else {
                throw failure("\(key)[\(numbers.count)]", "expected a whole number from \(Number.min) to \(Number.max)")
            }
            numbers.append(number)
        }
        return numbers
    }

    private func items(_ key: String) throws(SpecError) -> [JSONValue] {
        switch entry(key) {
        case nil: return []
        case .array(let items): return items
        default: throw failure(key, "expected a list")
        }
    }

    /// The entries of an object whose values are texts, in their order.
    func textEntries(_ key: String) throws(SpecError) -> [(key: String, value: String)] {
        guard let object = try object(key), case .object(let entries) = object.value else { return [] }
        var texts: [(key: String, value: String)] = []
        for entry in entries {
            guard case .string(let text) = entry.value else { throw object.failure(entry.key, "expected a text") }
            texts.append((entry.key, text))
        }
        return texts
    }
}
