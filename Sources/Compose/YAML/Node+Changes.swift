/// Changes to a part of a tree. A tree that has not that part, or is not changed by it, stays the same node.
extension Node {
    func changingMapping(_ change: (inout Mapping) -> Void) -> Node {
        guard var mapping else { return self }
        change(&mapping)
        return with(.mapping(mapping))
    }

    /// Changes the value of a key.
    func mappingChild(_ key: String, _ change: (Node) -> Node) -> Node {
        guard let value = self[key] else { return self }
        let changed = change(value)
        return changed.isIdentical(to: value) ? self : changingMapping { $0.update(key, changed) }
    }

    /// Replaces every value of a mapping; removes it where there is nothing to replace it.
    func mapEntries(_ transform: (String, Mapping.Entry) -> Node?) -> Node {
        guard var mapping, mapping.update(transform) else { return self }
        return with(.mapping(mapping))
    }

    /// Replaces every value of a mapping.
    func eachChild(_ change: (Node) -> Node) -> Node {
        mapEntries { change($1.value) }
    }

    /// Replaces every item of a list.
    func mapItems(_ change: (Node) -> Node) -> Node {
        guard let items else { return self }
        let changed = items.map(change)
        return zip(items, changed).allSatisfy { $0.isIdentical(to: $1) } ? self : with(.sequence(changed))
    }

    /// Changes every mapping of a list.
    func eachItem(_ change: (inout Mapping) -> Void) -> Node {
        mapItems { $0.changingMapping(change) }
    }
}
