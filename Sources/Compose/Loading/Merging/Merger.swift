/// Merges what one file says over what earlier ones said, or a service over the one that it extends.
///
/// Mappings are merged key by key, lists are appended, everything else is replaced. What the two sides may write in
/// several spellings is brought into one first, so that a list of `NAME=value` and a mapping merge as well.
struct Merger {
    private(set) var problems = Problems()

    static func merge(_ base: Node, _ over: Node, _ shape: Shape, problems: inout Problems) -> Node {
        var merger = Merger()
        let result = merger.merge(base, over, shape)
        problems.add(merger.problems)
        return result
    }

    private mutating func merge(_ base: Node, _ over: Node, _ shape: Shape) -> Node {
        if case .override? = over.mergeTag { return over.replacing(base) }
        switch shape {
        case .command, .healthTest:
            return over.replacing(base)
        default:
            if over.isNull { return base }
            if base.isNull || base.isInvalid || over.isInvalid { return over.replacing(base) }
        }
        switch shape {
        case .nullable(let shape):
            return merge(base, over, shape)
        case .table(let table):
            return mergeTables(base, over, table)
        case .map(let shape, _):
            return mergeMappings(base, over) { _ in shape }
        case .namedOrListed(let shape, let listed):
            return mergeMappings(Spelling.named(base, listed), Spelling.named(over, listed)) { _ in shape }
        case .shorthand(.key(let key), let table):
            return mergeTables(Spelling.table(base, key: key), Spelling.table(over, key: key), table)
        case .variables(let kind):
            return mergeVariables(Spelling.variables(base), Spelling.variables(over), kind)
        case .hosts:
            return mergeHosts(base, over)
        case .stringOrList, .listOrOne:
            return mergeLists(Spelling.list(base), Spelling.list(over))
        case .list(let shape, .bySubnet):
            return mergePools(base, over, shape)
        case .list, .ports:
            return mergeLists(base, over)
        case .anything:
            return mergeAnything(base, over)
        default:
            return over.replacing(base)
        }
    }

    private mutating func mergeTables(_ base: Node, _ over: Node, _ table: Table) -> Node {
        if let identity = table.identity, let old = base[identity], let new = over[identity], old != new {
            return over.replacing(base)
        }
        return mergeMappings(base, over) { table[$0]?.shape ?? .anything }
    }

    private mutating func mergeMappings(_ base: Node, _ over: Node, _ shape: (String) -> Shape) -> Node {
        guard var mapping = base.mapping, let other = over.mapping else { return mismatch(base, over) }
        for (key, entry) in other {
            if case .reset? = entry.value.mergeTag {
                mapping.remove(key)
            } else if let old = mapping[key] {
                mapping.set(key, merge(old, entry.value, shape(key)), at: entry.key)
            } else {
                mapping.set(key, entry.value, at: entry.key)
            }
        }
        return base.with(.mapping(mapping))
    }

    private mutating func mergeVariables(_ base: Node, _ over: Node, _ kind: Shape.Variables) -> Node {
        guard var mapping = base.mapping, let other = over.mapping else { return mismatch(base, over) }
        for (key, entry) in other {
            if case .reset? = entry.value.mergeTag {
                mapping.remove(key)
            } else if let old = mapping[key] {
                // An option without a value leaves the one there is; a variable without one asks for it anew.
                if kind.isMappingOnly, entry.value.isNull { continue }
                mapping.set(key, entry.value.replacing(old), at: entry.key)
            } else {
                mapping.set(key, entry.value, at: entry.key)
            }
        }
        return base.with(.mapping(mapping))
    }

    private mutating func mergeLists(_ base: Node, _ over: Node) -> Node {
        guard let items = base.items, let others = over.items else { return mismatch(base, over) }
        return over.with(.sequence(items + others)).replacing(base)
    }

    private mutating func mergeHosts(_ base: Node, _ over: Node) -> Node {
        let items = Spelling.hosts(base)
        let others = Spelling.hosts(over).filter { !items.contains($0) }
        return over.with(.sequence(items + others)).replacing(base)
    }

    /// Address pools are the same where their subnet is; those that the other side does not name are gone.
    private mutating func mergePools(_ base: Node, _ over: Node, _ shape: Shape) -> Node {
        guard let items = base.items, let others = over.items else { return mismatch(base, over) }
        let pools = others.map { other in
            items.first { $0["subnet"] == other["subnet"] }.map { merge($0, other, shape) } ?? other
        }
        return over.with(.sequence(pools)).replacing(base)
    }

    private mutating func mergeAnything(_ base: Node, _ over: Node) -> Node {
        switch base.content {
        case .mapping: mergeMappings(base, over) { _ in .anything }
        case .sequence: mergeLists(base, over)
        case .scalar, .invalid: over.replacing(base)
        }
    }

    private mutating func mismatch(_ base: Node, _ over: Node) -> Node {
        problems.error(
            "\(over.kindName) cannot be merged with \(base.kindName)", at: over.place,
            notes: [Diagnostic.Note(message: "which is set here", place: base.place)]
        )
        return over.with(.invalid)
    }
}

extension Node {
    /// The same value, knowing which one it stands in for.
    func replacing(_ base: Node) -> Node { through(.overrides(base.place)) }
}
