/// A list or mapping that is being read.
struct NodeBuilder {
    enum Kind {
        case sequence
        case mapping
    }

    /// A complete value, with what is to be known about it beyond the value.
    struct Finished {
        var node: Node

        /// An unquoted scalar: only then is `<<` a merge key.
        var isPlain = false

        /// Where the alias stands, for a value that came through one.
        var alias: SourceRange?

        /// How many values it is made of, itself included.
        var size = 1

        /// How many levels of lists and mappings it has.
        var height = 0

        init(node: Node, isPlain: Bool = false) {
            self.node = node
            self.isPlain = isPlain
        }

        init(_ finished: Finished) { self = finished }
    }

    let kind: Kind
    let place: SourceRange
    let properties: Event.Properties
    private(set) var problems = Problems()

    private var items: [Node] = []
    private var mapping = Mapping()
    private var key: Finished?
    private var merge: (key: SourceRange, value: Node)?
    private var size = 1
    private var height = 1

    init(_ kind: Kind, at place: SourceRange, _ properties: Event.Properties) {
        self.kind = kind
        self.place = place
        self.properties = properties
    }

    mutating func add(_ finished: Finished) {
        size += finished.size
        height = max(height, finished.height + 1)
        switch kind {
        case .sequence:
            items.append(finished.node)
        case .mapping:
            guard let key else {
                self.key = finished
                return
            }
            self.key = nil
            addEntry(key, finished.node)
        }
    }

    private mutating func addEntry(_ key: Finished, _ value: Node) {
        let place = key.alias ?? key.node.place
        if key.isPlain, key.node.scalar?.text == "<<" {
            if let merge {
                let message = "a second \"<<\" in one mapping: use \"<<: [*a, *b]\""
                problems.error(message, at: place, notes: [.first(merge.key)])
            } else {
                merge = (place, value)
            }
            return
        }
        guard let name = key.node.string else {
            guard !key.node.isInvalid else { return }
            let text = key.node.scalar.map { $0.text.isEmpty ? "null" : $0.text }
            let problem = text.map { "the key \($0) is \(key.node.kindName): quote it" }
            problems.error(problem ?? "keys have to be strings, found \(key.node.kindName)", at: place)
            return
        }
        if let first = mapping.place(ofKey: name) {
            problems.error("the key \"\(name)\" is set twice", at: place, notes: [.first(first)])
            return
        }
        mapping.set(name, value, at: place)
    }

    mutating func finish(at place: SourceRange, mergeTag: Node.MergeTag?) -> Finished {
        let content: Node.Content
        switch kind {
        case .sequence: content = .sequence(items)
        case .mapping:
            if let merge { mapping = MergeKey.apply(merge.value, at: merge.key, to: mapping, problems: &problems) }
            content = .mapping(mapping)
        }
        var finished = Finished(node: Node(content, at: place, mergeTag: mergeTag))
        finished.size = size
        finished.height = height
        return finished
    }
}

extension Diagnostic.Note {
    static func first(_ place: SourceRange) -> Diagnostic.Note {
        Diagnostic.Note(message: "first set here", place: place)
    }
}
