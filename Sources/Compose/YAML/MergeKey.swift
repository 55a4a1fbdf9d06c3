/// The merge key: `<<: *base` gives a mapping every key of another that it does not set itself.
enum MergeKey {
    /// - Parameter value: the mapping to take keys from, or a list of them, the first of which wins.
    static func apply(_ value: Node, at place: SourceRange, to mapping: Mapping, problems: inout Problems) -> Mapping {
        var merged = mapping
        for source in value.items ?? [value] {
            guard let keys = source.mapping else {
                guard !source.isInvalid else { continue }
                problems.error("\"<<\" takes a mapping or a list of mappings, found \(source.kindName)", at: place)
                continue
            }
            for (key, entry) in keys where merged.entry(key) == nil {
                merged.set(key, inherit(entry.value, from: source), at: entry.key)
            }
        }
        return merged
    }

    /// A value that came by a merge key has come through the alias that the whole mapping came through.
    private static func inherit(_ value: Node, from source: Node) -> Node {
        guard let history = source.history, value.history == nil, case .alias = history.step else { return value }
        return value.through(history.step)
    }
}
