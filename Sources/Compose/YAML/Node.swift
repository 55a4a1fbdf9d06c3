/// A value of a YAML document, and the place that set it.
///
/// Merging, interpolation and defaults make new nodes out of old ones; the place always stays that of the text which
/// gave the value, also through aliases and merge keys.
struct Node: Sendable {
    /// What the value is.
    enum Content: Sendable {
        case scalar(Scalar)
        case sequence([Node])
        case mapping(Mapping)

        /// A value that was refused, and told about. Nothing more is said about it.
        case invalid
    }

    /// How a document asks to be merged, against the rules for its place.
    enum MergeTag: Sendable {
        /// `!reset`: what earlier files set here is removed.
        case reset

        /// `!override`: what earlier files set here is replaced as a whole.
        case override
    }

    /// Nodes are passed around by the million, and copied far more often than changed: a copy is to cost one retain.
    private final class Storage: Sendable {
        let content: Content
        let place: SourceRange
        let mergeTag: MergeTag?
        let history: History?

        init(_ content: Content, _ place: SourceRange, _ mergeTag: MergeTag?, _ history: History?) {
            self.content = content
            self.place = place
            self.mergeTag = mergeTag
            self.history = history
        }
    }

    private let storage: Storage

    var content: Content { storage.content }
    var place: SourceRange { storage.place }
    var mergeTag: MergeTag? { storage.mergeTag }
    var history: History? { storage.history }

    init(_ content: Content, at place: SourceRange, mergeTag: MergeTag? = nil, history: History? = nil) {
        storage = Storage(content, place, mergeTag, history)
    }
}

extension Node {
    /// A node made by the loader itself, at the place of what it was made from.
    static func string(_ text: String, at place: SourceRange) -> Node {
        Node(.scalar(Scalar(text)), at: place)
    }

    static func boolean(_ value: Bool, at place: SourceRange) -> Node {
        Node(.scalar(Scalar(value ? "true" : "false", .boolean(value))), at: place)
    }

    static func integer(_ value: Int64, at place: SourceRange) -> Node {
        Node(.scalar(Scalar(String(value), .integer(value))), at: place)
    }

    static func null(at place: SourceRange) -> Node {
        Node(.scalar(Scalar("", .null)), at: place)
    }

    var scalar: Scalar? {
        guard case .scalar(let scalar) = content else { return nil }
        return scalar
    }

    /// The text of a string. Nil for numbers, booleans and null, which look like text only in the file.
    var string: String? {
        guard let scalar, scalar.kind == .string else { return nil }
        return scalar.text
    }

    var items: [Node]? {
        guard case .sequence(let items) = content else { return nil }
        return items
    }

    var mapping: Mapping? {
        guard case .mapping(let mapping) = content else { return nil }
        return mapping
    }

    var boolean: Bool? {
        guard case .boolean(let value)? = scalar?.kind else { return nil }
        return value
    }

    var integer: Int64? {
        guard case .integer(let value)? = scalar?.kind else { return nil }
        return value
    }

    var isNull: Bool { scalar?.kind == .null }

    var isInvalid: Bool {
        guard case .invalid = content else { return false }
        return true
    }

    /// The value of a key, if this is a mapping that has it.
    subscript(key: String) -> Node? { mapping?[key] }

    /// Whether this is a copy of the other node, rather than one like it.
    func isIdentical(to other: Node) -> Bool { storage === other.storage }

    /// The same place and history with another content.
    func with(_ content: Content) -> Node {
        Node(content, at: place, mergeTag: mergeTag, history: history)
    }

    /// The same value with another history.
    func with(_ history: History?) -> Node {
        Node(content, at: place, mergeTag: mergeTag, history: history)
    }

    /// What this is, for a message: `found a list`.
    var kindName: String {
        switch content {
        case .scalar(let scalar): scalar.kind.name
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .invalid: "nothing usable"
        }
    }
}

extension Node: Equatable {
    /// The same value, wherever it was set.
    static func == (left: Node, right: Node) -> Bool {
        switch (left.content, right.content) {
        case (.scalar(let a), .scalar(let b)): a == b
        case (.sequence(let a), .sequence(let b)): a == b
        case (.mapping(let a), .mapping(let b)): a == b
        case (.invalid, .invalid): true
        default: false
        }
    }
}
