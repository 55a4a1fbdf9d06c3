internal import JSON

/// One object of Kubernetes' API, as `kubectl apply` takes it.
public struct KubernetesObject: Sendable {
    public let kind: String
    public let name: String
    let body: JSONValue

    /// What it is made of.
    let place: SourceRange

    /// Whether nobody else is to read it.
    public var isSecret: Bool { kind == "Secret" }

    /// What a file with only this object in it is called, without its ending: `deployment-web`.
    public var fileName: String { "\(kind.lowercased())-\(name)" }

    /// - Parameter content: everything but what each object begins with.
    init(
        _ kind: String, _ apiVersion: String, metadata: JSONValue, _ content: KeyValuePairs<String, JSONValue?>,
        at place: SourceRange
    ) {
        self.kind = kind
        if case .string(let name)? = metadata["name"] { self.name = name } else { name = "" }
        let head: JSONValue = ["apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": metadata]
        body = head.adding(content)
        self.place = place
    }

    /// Whether something that is part of a host's name may be called so, as namespaces and runtimes are.
    public static func isLabel(_ text: String) -> Bool { KubernetesNames.label(text) == text }

    /// Whether a text can be the name of an object that is found by it alone: labels of DNS with dots between them.
    public static func isName(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                KubernetesNames.label(String(part)) == String(part)
            }
    }

    /// As one YAML document, without the line that separates it from others.
    public var yaml: String { YAMLWriter.write(Node(body, at: place)) }

    /// As one JSON document.
    public var json: String { JSONWriter.pretty(body) }

    /// Several objects in one text: YAML documents, or a list of them in JSON.
    public static func yaml(_ objects: [KubernetesObject]) -> String {
        objects.map(\.yaml).joined(separator: "---\n")
    }

    /// `kubectl` takes one JSON document; a `List` holds them all.
    public static func json(_ objects: [KubernetesObject]) -> String {
        JSONWriter.pretty(["apiVersion": "v1", "kind": "List", "items": .array(objects.map(\.body))])
    }
}

extension JSONValue {
    /// An object without the entries that have no value.
    static func fields(_ entries: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        JSONValue.object([]).adding(entries)
    }

    /// A list; nil where it is empty.
    static func list(_ items: [JSONValue]) -> JSONValue? { items.isEmpty ? nil : .array(items) }

    /// A list of texts; nil where it is empty.
    static func texts(_ items: [String]) -> JSONValue? { list(items.map { .string($0) }) }

    /// A mapping of texts in the order of their keys; nil where it is empty.
    static func texts(_ entries: [String: String]) -> JSONValue? {
        entries.isEmpty ? nil : .object(entries.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    }

    /// An object with more entries, as far as these have a value.
    func adding(_ further: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        guard case .object(let entries) = self else { return self }
        return .object(entries + further.compactMap { key, value in value.map { (key, $0) } })
    }

    /// An object with the entries of another one behind its own.
    func adding(_ other: JSONValue) -> JSONValue {
        guard case .object(let entries) = self, case .object(let further) = other else { return self }
        return .object(entries + further)
    }

    /// An object; nil where it is empty.
    var orNil: JSONValue? {
        if case .object(let entries) = self, entries.isEmpty { return nil }
        return self
    }
}

extension Node {
    /// What is to be printed as YAML.
    init(_ value: JSONValue, at place: SourceRange) {
        switch value {
        case .null: self = .null(at: place)
        case .boolean(let value): self = .boolean(value, at: place)
        case .integer(let value): self = .integer(value, at: place)
        case .unsigned(let value): self = Node(.scalar(Scalar(String(value), .float(Double(value)))), at: place)
        case .number(let value): self = Node(.scalar(Scalar("", .float(value))), at: place)
        case .string(let text): self = .string(text, at: place)
        case .array(let items): self = Node(.sequence(items.map { Node($0, at: place) }), at: place)
        case .object(let entries):
            var mapping = Mapping()
            for (key, value) in entries { mapping.set(key, Node(value, at: place), at: place) }
            self = Node(.mapping(mapping), at: place)
        }
    }
}
