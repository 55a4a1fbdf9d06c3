/// Lays out a model for printing: keys in the order of the tables, names in that of the alphabet, and nothing that says
/// nothing.
struct Presentation {
    enum Format {
        case yaml
        case json
    }

    let format: Format

    /// Whether variables are still in the model: a `$` is one of theirs then, and is printed as it is.
    let hasVariables: Bool

    init(_ format: Format, hasVariables: Bool) {
        self.format = format
        self.hasVariables = hasVariables
    }

    func present(_ model: Node) -> Node {
        let laidOut = layOut(model, .table(.stack), isTop: true)
        return hasVariables ? laidOut : escape(laidOut)
    }

    /// The definition of a service without what says nothing, in the order in which it would be printed.
    static func canonical(service: Node) -> Node {
        Presentation(.yaml, hasVariables: true).layOut(service, .table(.service))
    }

    private func layOut(_ node: Node, _ shape: Shape, isTop: Bool = false) -> Node {
        switch shape {
        case .table(let table), .shorthand(_, let table):
            return layOut(node, table, isTop: isTop)
        case .nullable(let shape):
            return layOut(node, shape)
        case .map(let shape, _), .namedOrListed(let shape, _):
            return sorted(node) { layOut($0, shape) }
        case .variables(.keys):
            return keys(node)
        case .variables:
            return sorted(node) { $0 }
        case .list(let shape, _), .listOrOne(let shape, _), .allOrList(let shape):
            return items(node) { layOut($0, shape) }
        case .ports(let table):
            return items(node) { layOut($0, table) }
        case .limit:
            return limit(node)
        default:
            return node
        }
    }

    private func layOut(_ node: Node, _ table: Table, isTop: Bool = false) -> Node {
        guard let mapping = node.mapping else { return node }
        var printed: [(position: Int, place: SourceRange, value: Node)] = []
        var extensions: [(key: String, value: Mapping.Entry)] = []
        for (name, entry) in mapping {
            guard let position = table.position(of: name) else {
                extensions.append((name, entry))
                continue
            }
            let key = table.keys[position]
            let value = layOut(entry.value, key.shape)
            if value.isPrintable(key, format) { printed.append((position, entry.key, value)) }
        }
        for position in table.alwaysPrinted where table.keys[position].options.isAlwaysPrinted(in: format) {
            guard !printed.contains(where: { $0.position == position }) else { continue }
            printed.append((position, node.place, placeholder(table.keys[position], at: node.place)))
        }
        var result = Mapping()
        for (position, place, value) in printed.sorted(by: { $0.position < $1.position }) {
            result.set(table.keys[position].printedName(in: format), value, at: place)
        }
        // JSON is for programs that know the keys; extensions are printed for people, and at the top.
        if case .json = format, !isTop { return node.with(.mapping(result)) }
        for (name, entry) in extensions.sorted(by: { $0.key < $1.key }) {
            result.set(name, sortedThroughout(entry.value), at: entry.key)
        }
        return node.with(.mapping(result))
    }

    /// What stands for a key that is not set, where it is printed all the same.
    private func placeholder(_ key: Key, at place: SourceRange) -> Node {
        switch key.shape {
        case .table(let table): layOut(Node(.mapping(Mapping()), at: place), table)
        case .map: Node(.mapping(Mapping()), at: place)
        default: .null(at: place)
        }
    }

    private func sorted(_ node: Node, _ change: (Node) -> Node) -> Node {
        guard var mapping = node.mapping else { return node }
        mapping.sortKeys()
        return node.with(.mapping(mapping)).eachChild(change)
    }

    /// Extensions have no table, so everything in them is in the order of the alphabet.
    private func sortedThroughout(_ node: Node) -> Node {
        node.mapping == nil ? items(node, sortedThroughout) : sorted(node, sortedThroughout)
    }

    /// Limits of nothing, as for core dumps, are laid out as the reference does: in YAML with both their sides, in JSON
    /// without.
    private func limit(_ node: Node) -> Node {
        let (soft, hard) = (node["soft"] ?? node, node["hard"] ?? node)
        guard node.mapping != nil || node.integer == 0 else { return node }
        var sides = Mapping()
        for (name, side) in [("soft", soft), ("hard", hard)] where format == .yaml || side.integer != 0 {
            sides.set(name, side, at: node.place)
        }
        return node.with(.mapping(sides))
    }

    /// Keys for builds are printed as a list of names, with a path behind those that have one.
    private func keys(_ node: Node) -> Node {
        guard let mapping = node.mapping else { return node }
        let items = mapping.sorted { $0.key < $1.key }.map { name, entry in
            let path = entry.value.string.flatMap { $0.isEmpty ? nil : $0 }
            return entry.value.with(.scalar(Scalar(path.map { "\(name)=\($0)" } ?? name)))
        }
        return node.with(.sequence(items))
    }

    private func items(_ node: Node, _ change: (Node) -> Node) -> Node {
        node.mapItems(change)
    }

    /// What is printed is a stack file again, in which a `$` begins a variable.
    private func escape(_ node: Node) -> Node {
        switch node.content {
        case .scalar(let scalar):
            guard scalar.kind == .string, scalar.text.utf8.contains(UInt8(ascii: "$")) else { return node }
            return node.with(.scalar(Scalar(scalar.text.replacing("$", with: "$$"))))
        case .sequence: return node.mapItems(escape)
        case .mapping: return node.eachChild(escape)
        case .invalid: return node
        }
    }
}

extension Node {
    /// Whether a value says more than its absence would.
    fileprivate func isPrintable(_ key: Key, _ format: Presentation.Format) -> Bool {
        if format == .json, key.options.contains(.absentInJSON) { return false }
        if key.options.contains(.impliedWhenTrue), let boolean { return !boolean }
        if key.options.contains(.keptWhenEmpty) { return !isNull }
        if key.options.contains(.trueByDefault), let boolean { return boolean == (format == .json) }
        switch content {
        case .invalid: return false
        case .sequence(let items): return !items.isEmpty
        case .mapping(let mapping):
            return key.shape.isTable || !mapping.isEmpty
        case .scalar(let scalar):
            switch scalar.kind {
            case .null, .boolean(false), .integer(0): return false
            case .float(let value): return value != 0
            case .string: return !scalar.text.isEmpty && !(scalar.text == "0" && key.isBytes) && !isZeroDuration(key)
            case .boolean, .integer: return true
            }
        }
    }

    private func isZeroDuration(_ key: Key) -> Bool {
        guard case .duration = key.shape else { return false }
        return string == "0s"
    }
}

extension Key.Options {
    fileprivate func isAlwaysPrinted(in format: Presentation.Format) -> Bool {
        switch format {
        case .yaml: contains(.alwaysPrinted)
        case .json: contains(.alwaysPrinted) || contains(.alwaysInJSON)
        }
    }
}

extension Key {
    fileprivate func printedName(in format: Presentation.Format) -> String {
        guard format == .json, options.contains(.capitalInJSON) else { return name }
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    fileprivate var isBytes: Bool {
        switch shape {
        case .bytes, .size: true
        default: false
        }
    }
}

extension Shape {
    /// A table says something even if it is empty: that it is there.
    fileprivate var isTable: Bool {
        switch self {
        case .table, .shorthand: true
        case .nullable(let shape): shape.isTable
        default: false
        }
    }
}
