/// Tells which keys of a stack Gocker knows and does not act on. Nothing is ignored silently.
///
/// A key that can be ignored without harm is a warning, once; one that cannot is an error wherever it stands.
struct UnactedKeys {
    private var problems = Problems()
    private var warned: Set<String> = []

    /// What to do without some of those that are refused.
    private static let reasons = [
        "cgroup_parent": "all cgroups of a stack are below one of its own; leave it out"
    ]

    static func report(_ model: Node, problems: inout Problems) {
        var report = UnactedKeys()
        report.check(model, .table(.stack))
        problems.add(report.problems)
    }

    private mutating func check(_ node: Node, _ shape: Shape) {
        switch shape {
        case .table(let table), .shorthand(_, let table):
            for (name, entry) in node.mapping ?? Mapping() {
                guard let key = table[name] else { continue }
                check(key, entry)
            }
        case .map(let shape, _), .namedOrListed(let shape, _):
            for (_, entry) in node.mapping ?? Mapping() { check(entry.value, shape) }
        case .list(let shape, _), .listOrOne(let shape, _):
            for item in node.items ?? [] { check(item, shape) }
        case .nullable(let shape):
            check(node, shape)
        default:
            break
        }
    }

    private mutating func check(_ key: Key, _ entry: Mapping.Entry) {
        switch key.support {
        case .acted:
            check(entry.value, key.shape)
        case .unacted where !entry.value.saysNothing:
            guard warned.insert(key.name).inserted else { return }
            problems.warning("\"\(key.name)\" is not acted on by this version", at: entry.key)
        case .refused where !entry.value.saysNothing:
            let reason = Self.reasons[key.name].map { ": \($0)" } ?? ""
            problems.error("\"\(key.name)\" is not acted on by this version\(reason)", at: entry.key)
        case .unacted, .refused:
            break
        }
    }
}

extension Node {
    /// Whether leaving this out would mean the same: false, nothing, one replica, the network that everybody is in.
    fileprivate var saysNothing: Bool {
        switch content {
        case .invalid: true
        case .scalar(let scalar): [.null, .boolean(false), .integer(1)].contains(scalar.kind) || scalar.display.isEmpty
        case .sequence(let items): items.isEmpty
        case .mapping(let mapping): mapping.allSatisfy { $0.key == "default" && $0.value.value.isDefaultNetwork }
        }
    }

    private var isDefaultNetwork: Bool {
        isNull || mapping?.allSatisfy { $0.key == "name" } == true
    }
}
