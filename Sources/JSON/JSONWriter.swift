/// Writes JSON.
public struct JSONWriter {
    private var text = ""
    private let indentation: String?

    /// On several lines, two blanks for each level.
    public static func pretty(_ value: JSONValue) -> String {
        var writer = JSONWriter(indentation: "  ")
        writer.write(value, "")
        return writer.text + "\n"
    }

    /// On one line, with sorted keys: equal values give equal text.
    public static func compact(_ value: JSONValue) -> String {
        var writer = JSONWriter(indentation: nil)
        writer.write(value, "")
        return writer.text
    }

    private init(indentation: String?) {
        self.indentation = indentation
    }

    private mutating func write(_ value: JSONValue, _ indent: String) {
        switch value {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        case .number(let value) where value.isFinite: text += FloatText.format(value)
        case .number(let value): quote(FloatText.format(value))
        case .string(let value): quote(value)
        case .array(let items):
            block("[", "]", items, indent) { $0.write($1, $2) }
        case .object(let entries):
            let ordered = indentation == nil ? entries.sorted { $0.key < $1.key } : entries
            block("{", "}", ordered, indent) { writer, entry, indent in
                writer.quote(entry.key)
                writer.text += writer.indentation == nil ? ":" : ": "
                writer.write(entry.value, indent)
            }
        }
    }

    private mutating func block<Item>(
        _ open: String, _ close: String, _ items: [Item], _ indent: String,
        _ write: (inout JSONWriter, Item, String) -> Void
    ) {
        text += open
        let inner = indent + (indentation ?? "")
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            if indentation != nil { text += "\n\(inner)" }
            write(&self, item, inner)
        }
        if indentation != nil, !items.isEmpty { text += "\n\(indent)" }
        text += close
    }

    private mutating func quote(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
