internal import JSON

/// The JSON Schema of the stack file, made from the tables that check it: for editors.
public struct JSONSchema {
    private var definitions: [(key: String, value: JSONValue)] = []
    private var defined: Set<String> = []

    /// The schema as text, in the dialect of 2020-12.
    public static func text() -> String {
        var schema = JSONSchema()
        let root = schema.properties(of: .stack)
        var entries: [(key: String, value: JSONValue)] = [
            ("$schema", "https://json-schema.org/draft/2020-12/schema"),
            ("title", "Stack file"),
        ]
        entries += root
        entries.append(("$defs", .object(schema.definitions.sorted { $0.key < $1.key })))
        return JSONWriter.pretty(.object(entries))
    }

    private mutating func reference(_ table: Table) -> JSONValue {
        if defined.insert(table.name).inserted {
            let properties = properties(of: table)
            definitions.append((table.name, .object(properties)))
        }
        return ["$ref": .string("#/$defs/\(table.name)")]
    }

    private mutating func properties(of table: Table) -> [(key: String, value: JSONValue)] {
        let properties = table.keys.map { key -> (key: String, value: JSONValue) in
            var value = schema(of: key.shape)
            if let summary = Summaries[table, key], case .object(let entries) = value {
                value = .object([("description", .string(summary))] + entries)
            }
            return (key.name, value)
        }
        var entries: [(key: String, value: JSONValue)] = [
            ("type", "object"), ("properties", .object(properties)), ("additionalProperties", false),
        ]
        if table.extensible { entries.append(("patternProperties", ["^x-": [:]])) }
        if !table.required.isEmpty { entries.append(("required", .array(table.required.map { .string($0) }))) }
        return entries
    }

    private mutating func schema(of shape: Shape) -> JSONValue {
        switch shape {
        case .anything: return [:]
        case .string, .duration: return ["type": "string"]
        case .matching(let rule): return ["type": "string", "pattern": .string(rule.pattern)]
        case .choice(let names): return ["enum": .array(names.map { .string($0) })]
        case .boolean: return ["type": ["boolean", "string"]]
        case .stringOrBoolean: return ["type": ["string", "boolean"]]
        case .stringOrNumber, .number, .fileMode: return ["type": ["number", "string"]]
        case .bytes, .size, .deviceCount: return ["type": ["integer", "string"]]
        case .integer(let range): return integer(range)
        case .list(let item, let uniqueness): return array(of: schema(of: item), uniqueness)
        case .stringOrList(let uniqueness): return either(["type": "string"], array(of: ["type": "string"], uniqueness))
        case .listOrOne(let item, let uniqueness):
            return either(["type": "string"], array(of: schema(of: item), uniqueness))
        case .allOrList(let item): return either(["const": "all"], array(of: schema(of: item), .none))
        case .command: return ["type": ["string", "array", "null"], "items": ["type": "string"]]
        case .healthTest: return ["type": ["string", "array"], "items": ["type": "string"]]
        case .variables(let kind): return variables(kind)
        case .hosts:
            let address: JSONValue = ["type": ["string", "array"], "items": ["type": "string"]]
            return either(
                ["type": "object", "additionalProperties": address], array(of: ["type": "string"], .refused)
            )
        case .table(let table): return reference(table)
        case .map(let value, let rule): return map(of: schema(of: value), rule)
        case .namedOrListed(let value, _):
            return either(array(of: ["type": "string"], .refused), map(of: schema(of: value), .resource))
        case .shorthand(_, let table): return either(["type": "string"], reference(table))
        case .ports(let table): return array(of: either(["type": ["number", "string"]], reference(table)), .none)
        case .limit(let table): return either(["type": ["integer", "string"]], reference(table))
        case .nullable(let shape): return either(["type": "null"], schema(of: shape))
        case .external: return ["type": ["boolean", "string", "object"]]
        }
    }

    private func either(_ first: JSONValue, _ second: JSONValue) -> JSONValue { ["anyOf": [first, second]] }

    private func integer(_ range: ClosedRange<Int64>?) -> JSONValue {
        guard let range else { return ["type": ["integer", "string"]] }
        var entries: [(key: String, value: JSONValue)] = [
            ("type", ["integer", "string"]), ("minimum", .integer(range.lowerBound)),
        ]
        if range.upperBound < .max { entries.append(("maximum", .integer(range.upperBound))) }
        return .object(entries)
    }

    private func array(of item: JSONValue, _ uniqueness: Shape.Uniqueness) -> JSONValue {
        guard case .refused = uniqueness else { return ["type": "array", "items": item] }
        return ["type": "array", "items": item, "uniqueItems": true]
    }

    private func map(of value: JSONValue, _ rule: Shape.NameRule) -> JSONValue {
        guard let pattern = rule.pattern else { return ["type": "object", "additionalProperties": value] }
        return ["type": "object", "patternProperties": .object([(pattern, value)]), "additionalProperties": false]
    }

    private func variables(_ kind: Shape.Variables) -> JSONValue {
        let single: JSONValue = ["type": ["string", "number", "boolean", "null"]]
        switch kind {
        case .multipleOptions:
            let value = either(single, ["type": "array", "items": single])
            return ["type": "object", "additionalProperties": value]
        case .options:
            return ["type": "object", "additionalProperties": single]
        case .environment, .arguments, .labels, .contexts, .keys:
            return either(
                ["type": "object", "additionalProperties": single], array(of: ["type": "string"], .refused)
            )
        }
    }
}

extension Shape.NameRule {
    fileprivate var pattern: String? {
        switch self {
        case .any: nil
        case .resource: "^[a-zA-Z0-9._-]+$"
        case .word: "^[a-z]+$"
        }
    }
}

extension Shape.TextRule {
    fileprivate var pattern: String {
        switch self {
        case .containerName: "[a-zA-Z0-9][a-zA-Z0-9_.-]+"
        case .pullPolicy: "^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)$"
        }
    }
}
