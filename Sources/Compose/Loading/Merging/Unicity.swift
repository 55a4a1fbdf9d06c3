/// Keeps the last of the list items that mean the same thing: the mount at one target, the port at one address.
enum Unicity {
    static func enforce(_ node: Node, _ shape: Shape) -> Node {
        switch shape {
        case .table(let table), .shorthand(.key, let table):
            return node.mapEntries { key, entry in table[key].map { enforce(entry.value, $0.shape) } ?? entry.value }
        case .map(let shape, _), .namedOrListed(let shape, _):
            return node.mapEntries { enforce($1.value, shape) }
        case .nullable(let shape):
            return enforce(node, shape)
        case .list(_, let uniqueness), .stringOrList(let uniqueness), .listOrOne(_, let uniqueness):
            return identity(uniqueness).map { lastOfEach(node, $0) } ?? node
        case .ports:
            return lastOfEach(node, port)
        case .variables(let kind) where !kind.isMappingOnly:
            return lastOfEach(node, name)
        default:
            return node
        }
    }

    /// Every item where the first of its kind stood, as the last of its kind says.
    private static func lastOfEach(_ node: Node, _ identity: (Node) -> String?) -> Node {
        guard let items = node.items, items.count > 1 else { return node }
        var positions: [String: Int] = [:]
        var kept: [Node] = []
        for item in items {
            guard let identity = identity(item) else {
                kept.append(item)
                continue
            }
            if let position = positions[identity] {
                kept[position] = item.replacing(kept[position])
            } else {
                positions[identity] = kept.count
                kept.append(item)
            }
        }
        return kept.count == items.count ? node : node.with(.sequence(kept))
    }

    private static func identity(_ uniqueness: Shape.Uniqueness) -> ((Node) -> String?)? {
        switch uniqueness {
        case .none, .refused, .bySubnet: nil
        case .byName: name
        case .byTarget: { $0["target"]?.string ?? $0.string.flatMap { VolumeText.parse($0)?.target } }
        case .byDeviceTarget: { $0["target"]?.string ?? $0.string.flatMap { DeviceText.parse($0)?.target } }
        case .byMountPoint(let directory):
            { node in
                node["target"]?.string ?? (node["source"]?.string ?? node.string).map { "\(directory)/\($0)" }
            }
        case .byPath: { $0["path"]?.string ?? $0.string }
        }
    }

    private static func name(_ node: Node) -> String? {
        node.scalar.map { String(Spelling.cut($0.display, "=").0) }
    }

    private static func port(_ node: Node) -> String? {
        if let scalar = node.scalar { return scalar.display }
        guard let target = node["target"]?.scalar?.display else { return nil }
        let host = node["host_ip"]?.string ?? "0.0.0.0"
        let published = node["published"]?.scalar?.display ?? ""
        return "\(host):\(published):\(target)/\(node["protocol"]?.string ?? "tcp")"
    }
}
