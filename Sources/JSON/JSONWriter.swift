/// Writes JSON.
public struct JSONWriter {
    private var bytes: [UInt8] = []
    private let indentation: String?

    /// On several lines, two blanks for each level.
    public static func pretty(_ value: JSONValue) -> String {
        var writer = JSONWriter(indentation: "  ")
        writer.write(value, "")
        return String(decoding: writer.bytes, as: UTF8.self) + "\n"
    }

    /// On one line, with sorted keys: equal values give equal text.
    public static func compact(_ value: JSONValue) -> String {
        String(decoding: compactBytes(value), as: UTF8.self)
    }

    /// The same in UTF-8.
    public static func compactBytes(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter(indentation: nil)
        writer.write(value, "")
        return writer.bytes
    }

    private init(indentation: String?) {
        self.indentation = indentation
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func write(_ value: JSONValue, _ indent: String) {
        switch value {
        case .null: append("null")
        case .boolean(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .unsigned(let value): append(String(value))
        case .number(let value) where value.isFinite: append(FloatText.format(value))
        case .number(let value): quote(FloatText.format(value))
        case .string(let value): quote(value)
        case .array(let items):
            block("[", "]", items, indent) { $0.write($1, $2) }
        case .object(let entries):
            let ordered = indentation == nil ? entries.sorted { $0.key < $1.key } : entries
            block("{", "}", ordered, indent) { writer, entry, indent in
                writer.quote(entry.key)
                writer.append(writer.indentation == nil ? ":" : ": ")
                writer.write(entry.value, indent)
            }
        }
    }

    private mutating func block<Item>(
        _ open: String, _ close: String, _ items: [Item], _ indent: String,
        _ write: (inout JSONWriter, Item, String) -> Void
    ) {
        append(open)
        let inner = indent + (indentation ?? "")
        for (index, item) in items.enumerated() {
            if index > 0 { append(",") }
            if indentation != nil { append("\n\(inner)") }
            write(&self, item, inner)
        }
        if indentation != nil, !items.isEmpty { append("\n\(indent)") }
        append(close)
    }

    private mutating func quote(_ string: String) {
        append("\"")
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\r"): append("\\r")
            case UInt8(ascii: "\t"): append("\\t")
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: bytes.append(byte)
            }
        }
        append("\"")
    }
}
