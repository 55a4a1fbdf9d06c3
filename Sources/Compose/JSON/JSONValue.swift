/// A JSON document, its objects in order.
indirect enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { ($0, $1) }) }
}

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
