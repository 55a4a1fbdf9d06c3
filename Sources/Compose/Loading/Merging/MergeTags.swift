/// Takes out what is left of `!reset` and `!override` once everything is merged: there was nothing to remove or replace.
enum MergeTags {
    static func strip(_ node: Node) -> Node? {
        if case .reset? = node.mergeTag { return nil }
        let stripped: Node
        switch node.content {
        case .mapping: stripped = node.mapEntries { strip($1.value) }
        case .sequence(let items):
            let kept = items.compactMap(strip)
            stripped = kept.count == items.count ? node.mapItems { strip($0) ?? $0 } : node.with(.sequence(kept))
        case .scalar, .invalid: stripped = node
        }
        guard stripped.mergeTag != nil else { return stripped }
        return Node(stripped.content, at: node.place, history: node.history)
    }
}
