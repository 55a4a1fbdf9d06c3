/// Orders things that need each other. The graph is given by what each node needs; nothing here recurses, so a chain of
/// any length is fine.
enum DependencyGraph {
    /// The nodes by levels: each needs only nodes of the levels before its own. Nodes in or behind a circle are left out.
    static func levels<Node: Hashable>(of nodes: [Node], needs: (Node) -> [Node]) -> [[Node]] {
        let known = Set(nodes)
        var missing: [Node: Int] = [:]
        var neededBy: [Node: [Node]] = [:]
        for node in nodes {
            let needed = Set(needs(node)).intersection(known)
            missing[node] = needed.count
            for other in needed { neededBy[other, default: []].append(node) }
        }
        let positions = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        var levels: [[Node]] = []
        var level = nodes.filter { missing[$0] == 0 }
        while !level.isEmpty {
            levels.append(level)
            var next: [Node] = []
            for node in level.flatMap({ neededBy[$0] ?? [] }) {
                let left = (missing[node] ?? 0) - 1
                missing[node] = left
                if left == 0 { next.append(node) }
            }
            level = next.sorted { positions[$0] ?? 0 < positions[$1] ?? 0 }
        }
        return levels
    }

    private enum Visit {
        case open
        case done
    }

    /// One circle for each group of nodes that need each other, beginning with its first node.
    static func cycles<Node: Hashable>(in nodes: [Node], needs: (Node) -> [Node]) -> [[Node]] {
        var states: [Node: Visit] = [:]
        var cycles: [[Node]] = []
        for start in nodes where states[start] == nil {
            states[start] = .open
            var path = [start]
            var waiting = [needs(start)[...]]
            while let node = path.last {
                guard let next = waiting[waiting.count - 1].popFirst() else {
                    states[node] = .done
                    path.removeLast()
                    waiting.removeLast()
                    continue
                }
                switch states[next] {
                case nil:
                    states[next] = .open
                    path.append(next)
                    waiting.append(needs(next)[...])
                case .open?:
                    if let index = path.firstIndex(of: next) { cycles.append(Array(path[index...])) }
                case .done?:
                    break
                }
            }
        }
        return cycles
    }
}
