internal import OrderedCollections

/// A YAML mapping in the order of the file, with string keys only; every key knows its own place.
struct Mapping: Sendable {
    struct Entry: Sendable {
        var key: SourceRange
        var value: Node
    }

    private var entries: OrderedDictionary<String, Entry> = [:]

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    var keys: OrderedSet<String> { entries.keys }
    var values: some Sequence<Node> { entries.values.lazy.map(\.value) }

    subscript(key: String) -> Node? { entries[key]?.value }

    func entry(_ key: String) -> Entry? { entries[key] }

    /// The place of a key, as opposed to that of its value.
    func place(ofKey key: String) -> SourceRange? { entries[key]?.key }

    /// Sets a value. A key that is there already keeps its place in the order, and takes the new mark.
    mutating func set(_ key: String, _ value: Node, at place: SourceRange) {
        entries[key] = Entry(key: place, value: value)
    }

    /// Replaces the value of a key, where it is.
    mutating func update(_ key: String, _ value: Node) {
        entries[key]?.value = value
    }

    /// Changes the value of a key.
    mutating func modify(_ key: String, _ change: (inout Node) -> Void) {
        guard let index = entries.index(forKey: key) else { return }
        var value = entries.values[index].value
        change(&value)
        if !value.isIdentical(to: entries.values[index].value) { entries.values[index].value = value }
    }

    @discardableResult
    mutating func remove(_ key: String) -> Entry? {
        entries.removeValue(forKey: key)
    }

    mutating func sortKeys() {
        entries.sort { $0.key < $1.key }
    }

    /// Every value replaced by what `transform` makes of it; left out where that is nothing.
    func compactMapValues(_ transform: (String, Entry) -> Node?) -> Mapping {
        var result = self
        result.update(transform)
        return result
    }

    /// Replaces every value by what `transform` makes of it; removes it where that is nothing.
    ///
    /// Most phases of loading change little: what stays the same is not copied, and keys are not hashed anew.
    ///
    /// - Returns: whether anything has changed.
    @discardableResult
    mutating func update(_ transform: (String, Entry) -> Node?) -> Bool {
        var hasChanged = false
        var gone: [String] = []
        for index in entries.elements.indices {
            let (key, entry) = entries.elements[index]
            guard let value = transform(key, entry) else {
                gone.append(key)
                continue
            }
            guard !value.isIdentical(to: entry.value) else { continue }
            entries.values[index].value = value
            hasChanged = true
        }
        guard !gone.isEmpty else { return hasChanged }
        let removed = Set(gone)
        entries.removeAll { removed.contains($0.key) }
        return true
    }
}

extension Mapping: Sequence {
    func makeIterator() -> some IteratorProtocol<(key: String, value: Entry)> {
        entries.makeIterator()
    }
}

extension Mapping: Equatable {
    /// The same keys with the same values, in whatever order.
    static func == (left: Mapping, right: Mapping) -> Bool {
        left.count == right.count && left.entries.allSatisfy { right[$0.key] == $0.value.value }
    }
}
