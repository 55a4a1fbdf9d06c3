internal import JSON

/// The named fields of a record, on their way to JSON or from there: what a record consists of stands in one place.
///
/// A supervisor writes records all the time, and each command reads all of them: what the compiler makes of `Codable`
/// takes several times as long.
struct RecordFields {
    private var entries: [(key: String, value: JSONValue)] = []
    /// What is read; nil to write.
    private let source: JSONValue?
    private var isDamaged = false

    private init(_ source: JSONValue?) {
        self.source = source
    }

    mutating func field<Value: RecordValue>(_ name: String, _ value: inout Value) {
        guard let source else { return entries.append((name, value.json)) }
        if let found = source[name].flatMap({ Value($0) }) { value = found } else { isDamaged = true }
    }

    /// One that is left out where there is nothing.
    mutating func field<Value: RecordValue>(_ name: String, _ value: inout Value?) {
        guard let source else {
            if let value { entries.append((name, value.json)) }
            return
        }
        switch source[name] {
        case nil, .null?: value = nil
        case let found?:
            value = Value(found)
            if value == nil { isDamaged = true }
        }
    }

    static func write(_ record: some RecordType) -> JSONValue {
        var (record, fields) = (record, RecordFields(nil))
        record.visit(&fields)
        return .object(fields.entries)
    }

    /// - Returns: nil where something is missing, or is not what it should be.
    static func read<Record: RecordType>(_ json: JSONValue) -> Record? {
        var (record, fields) = (Record.blank, RecordFields(json))
        record.visit(&fields)
        return fields.isDamaged ? nil : record
    }
}

/// What a field may hold.
protocol RecordValue {
    var json: JSONValue { get }
    init?(_ json: JSONValue)
}

/// What consists of fields.
protocol RecordType: RecordValue {
    /// One with anything in it.
    static var blank: Self { get }
    /// Shows its fields, which may change.
    mutating func visit(_ fields: inout RecordFields)
}

extension RecordType {
    var json: JSONValue { RecordFields.write(self) }

    init?(_ json: JSONValue) {
        guard let record: Self = RecordFields.read(json) else { return nil }
        self = record
    }
}

extension RecordValue where Self: FixedWidthInteger {
    var json: JSONValue { Int64(exactly: self).map { .integer($0) } ?? .unsigned(UInt64(truncatingIfNeeded: self)) }

    init?(_ json: JSONValue) {
        switch json {
        case .integer(let value): self.init(exactly: value)
        case .unsigned(let value): self.init(exactly: value)
        default: return nil
        }
    }
}

extension Int: RecordValue {}
extension Int32: RecordValue {}
extension Int64: RecordValue {}
extension UInt64: RecordValue {}

extension Bool: RecordValue {
    var json: JSONValue { .boolean(self) }

    init?(_ json: JSONValue) {
        guard case .boolean(let value) = json else { return nil }
        self = value
    }
}

extension Double: RecordValue {
    var json: JSONValue { .number(self) }

    init?(_ json: JSONValue) {
        switch json {
        case .number(let value): self = value
        case .integer(let value): self = Double(value)
        default: return nil
        }
    }
}

extension String: RecordValue {
    var json: JSONValue { .string(self) }

    init?(_ json: JSONValue) {
        guard case .string(let value) = json else { return nil }
        self = value
    }
}

extension RecordValue where Self: RawRepresentable, RawValue == String {
    var json: JSONValue { .string(rawValue) }

    init?(_ json: JSONValue) {
        guard case .string(let value) = json else { return nil }
        self.init(rawValue: value)
    }
}

extension Array: RecordValue where Element: RecordValue {
    var json: JSONValue { .array(map(\.json)) }

    init?(_ json: JSONValue) {
        guard case .array(let items) = json else { return nil }
        self = items.compactMap { Element($0) }
        guard count == items.count else { return nil }
    }
}
