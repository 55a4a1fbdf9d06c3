internal import JSON

extension JSONValue {
    init(_ node: Node) {
        switch node.content {
        case .invalid: self = .null
        case .sequence(let items): self = .array(items.map { JSONValue($0) })
        case .mapping(let mapping): self = .object(mapping.map { ($0, JSONValue($1.value)) })
        case .scalar(let scalar):
            switch scalar.kind {
            case .null: self = .null
            case .boolean(let value): self = .boolean(value)
            case .integer(let value): self = .integer(value)
            case .float(let value): self = .number(value)
            case .string: self = .string(scalar.text)
            }
        }
    }
}
