internal import JSON

/// Why a value of a stack is what it is.
public struct Explanation: Sendable {
    /// One station on the way of a value, the latest first.
    public struct Step: Equatable, Sendable {
        /// What happened.
        public let text: String

        /// Where, if it was in a file.
        public let place: SourceRange?
    }

    /// Where the value is in the stack, e.g. `services.web.environment.PORT`.
    public let path: String

    /// The value, on one line.
    public let value: String

    /// How it came to be.
    public let steps: [Step]
}

extension Explanation: CustomStringConvertible {
    /// For people: the value, then a line for each step.
    public var description: String {
        let places = steps.map { $0.place?.description ?? "-" }
        let width = places.map(\.count).max() ?? 0
        return zip(places, steps).reduce("\(path): \(value)\n") { text, line in
            text + "  \(line.0)" + String(repeating: " ", count: width - line.0.count) + "  \(line.1.text)\n"
        }
    }
}

extension StackDocument {
    /// Explains the value at a path, or all values below it: `web.environment.PORT`, `services.web`, `networks`.
    ///
    /// - Returns: nothing where there is nothing at that path.
    public func explain(_ path: String) -> [Explanation] {
        guard let found = Explainer.find(path, in: model) ?? Explainer.find("services.\(path)", in: model) else {
            return []
        }
        return Explainer.explain(found)
    }
}

/// Walks to a value, and collects what is known about its way.
private enum Explainer {
    struct Found {
        var path: String
        var node: Node

        /// What happened to the mappings and lists that the value is in, and so to the value.
        var inherited: [Explanation.Step] = []
    }

    /// Names may have dots in them, so at each level the longest name that fits is taken.
    static func find(_ path: String, in root: Node) -> Found? {
        var found = Found(path: "", node: root)
        var rest = path.split(separator: ".").map(String.init)[...]
        while !rest.isEmpty {
            let lengths = (1...rest.count).reversed()
            guard
                let length = lengths.first(where: { child(found.node, rest.prefix($0).joined(separator: ".")) != nil })
            else { return nil }
            let name = rest.prefix(length).joined(separator: ".")
            guard let node = child(found.node, name) else { return nil }
            found = below(found, name, node)
            rest = rest.dropFirst(length)
        }
        return found
    }

    static func explain(_ found: Found) -> [Explanation] {
        switch found.node.content {
        case .mapping(let mapping) where !mapping.isEmpty:
            return mapping.flatMap { explain(below(found, $0, $1.value)) }
        case .sequence(let items) where !items.isEmpty:
            return items.enumerated().flatMap { explain(below(found, String($0), $1)) }
        default:
            let own = steps(found.node)
            let set = Explanation.Step(text: "set here", place: found.node.place)
            let isDefault = own.contains { $0.text == defaulted }
            let all = own + found.inherited.filter { !own.contains($0) } + (isDefault ? [] : [set])
            return [Explanation(path: found.path, value: JSONWriter.compact(JSONValue(found.node)), steps: all)]
        }
    }

    private static func child(_ node: Node, _ name: String) -> Node? {
        if let items = node.items, let index = Int(name), items.indices.contains(index) { return items[index] }
        return node[name]
    }

    private static func below(_ found: Found, _ name: String, _ node: Node) -> Found {
        let path = found.path.isEmpty ? name : "\(found.path).\(name)"
        let passed = steps(found.node).filter { !$0.text.hasPrefix(replaced) }
        return Found(path: path, node: node, inherited: passed + found.inherited)
    }

    private static let defaulted = "nobody sets it: this is the default"
    private static let replaced = "in place of"

    private static func steps(_ node: Node) -> [Explanation.Step] {
        var steps: [Explanation.Step] = []
        var next = node.history
        while let history = next {
            steps.append(step(history.step))
            next = history.earlier
        }
        return steps
    }

    private static func step(_ step: History.Step) -> Explanation.Step {
        switch step {
        case .alias(let name, let place): .init(text: "through the alias *\(name)", place: place)
        case .overrides(let place): .init(text: "\(replaced) what is set here", place: place)
        case .extends(let service, let place): .init(text: "service \"\(service)\" extends another here", place: place)
        case .include(let place): .init(text: "the file is included here", place: place)
        case .variable(let name, .file(let place)?): .init(text: "with the variable \(name), set here", place: place)
        case .variable(let name, .environment?): .init(text: "with the variable \(name) of the environment", place: nil)
        case .variable(let name, _): .init(text: "with the variable \(name)", place: nil)
        case .envFile(let place): .init(text: "read from an env file", place: place)
        case .defaulted: .init(text: defaulted, place: nil)
        }
    }
}
