/// Writes nodes as YAML in block style, two blanks for each level.
struct YAMLWriter {
    private var text = ""

    static func write(_ node: Node) -> String {
        var writer = YAMLWriter()
        switch node.content {
        case .mapping(let mapping) where !mapping.isEmpty: writer.write(mapping, "", isItem: false)
        case .sequence(let items) where !items.isEmpty: writer.write(items, "")
        default: writer.text = inline(node) + "\n"
        }
        return writer.text
    }

    /// - Parameter isItem: whether the first key follows the `- ` of a list.
    private mutating func write(_ mapping: Mapping, _ indent: String, isItem: Bool) {
        for (index, (key, entry)) in mapping.enumerated() {
            if index > 0 || !isItem { text += indent }
            text += ScalarText.line(key) + ":"
            writeValue(entry.value, indent)
        }
    }

    private mutating func write(_ items: [Node], _ indent: String) {
        for item in items {
            text += indent + "-"
            if let mapping = item.mapping, !mapping.isEmpty {
                text += " "
                write(mapping, indent + "  ", isItem: true)
            } else {
                writeValue(item, indent)
            }
        }
    }

    private mutating func writeValue(_ node: Node, _ indent: String) {
        switch node.content {
        case .mapping(let mapping) where !mapping.isEmpty:
            text += "\n"
            write(mapping, indent + "  ", isItem: false)
        case .sequence(let items) where !items.isEmpty:
            text += "\n"
            write(items, indent + "  ")
        case .scalar(let scalar) where scalar.kind == .string && ScalarText.isBlock(scalar.text):
            text += " " + ScalarText.block(scalar.text, indent + "  ")
        default:
            text += " " + Self.inline(node) + "\n"
        }
    }

    private static func inline(_ node: Node) -> String {
        switch node.content {
        case .mapping: "{}"
        case .sequence: "[]"
        case .invalid: "null"
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: "null"
            case .boolean, .integer: scalar.display
            case .float(let value) where value.isNaN: ".nan"
            case .float(let value) where value.isInfinite: value < 0 ? "-.inf" : ".inf"
            case .float: scalar.display
            case .string: ScalarText.line(scalar.text)
            }
        }
    }
}
