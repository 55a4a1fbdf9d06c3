internal import JSON
internal import OrderedCollections

/// A variable that a stack file names.
public struct StackVariable: Hashable, Sendable {
    public let name: String
    /// What is put in where it is not set, as it is written.
    public let defaultValue: String
    /// What is put in where it is set.
    public let presenceValue: String
    /// Whether it has to be set.
    public let isRequired: Bool
}

extension StackDocument {
    /// The variables that it names, where they were left in place, in alphabetical order. One that is named several times
    /// is as where more is said of it.
    public var variables: [StackVariable] {
        var found: [String: StackVariable] = [:]
        Self.visit(model) { text in
            for reference in Template.references(in: text) {
                let known = found[reference.name]
                found[reference.name] = StackVariable(
                    name: reference.name,
                    defaultValue: known.map(\.defaultValue).flatMap { $0.isEmpty ? nil : $0 } ?? reference.defaultValue,
                    presenceValue: known.map(\.presenceValue).flatMap { $0.isEmpty ? nil : $0 }
                        ?? reference.presenceValue,
                    isRequired: known?.isRequired == true || reference.isRequired)
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }

    /// The same as a mapping in JSON or YAML, laid out as by Docker Compose.
    public func variables(isJSON: Bool) -> String {
        let place = model.place
        func mapping(_ entries: [(String, Node)]) -> Node {
            var mapping = Mapping()
            for (key, value) in entries { mapping.set(key, value, at: place) }
            return Node(.mapping(mapping), at: place)
        }
        let names =
            isJSON
            ? ["Name", "DefaultValue", "PresenceValue", "Required"]
            : ["name", "defaultvalue", "presencevalue", "required"]
        let all = mapping(
            variables.map { variable in
                let values: [Node] = [
                    .string(variable.name, at: place), .string(variable.defaultValue, at: place),
                    .string(variable.presenceValue, at: place), .boolean(variable.isRequired, at: place),
                ]
                return (variable.name, mapping(Array(zip(names, values))))
            })
        return isJSON ? JSONWriter.pretty(JSONValue(all)) : YAMLWriter.write(all)
    }

    private static func visit(_ node: Node, _ body: (String) -> Void) {
        switch node.content {
        case .scalar(let scalar): if scalar.kind == .string { body(scalar.text) }
        case .sequence(let items): for item in items { visit(item, body) }
        case .mapping(let mapping): for (_, entry) in mapping { visit(entry.value, body) }
        case .invalid: break
        }
    }
}
