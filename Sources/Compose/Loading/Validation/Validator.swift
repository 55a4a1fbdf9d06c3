/// Checks a tree against its shape. What is wrong is told, and made invalid in the result, so that nobody has to check
/// again; texts that stand for a boolean or a number, as interpolation leaves them, become one.
struct Validator {
    private(set) var problems = Problems()
    private var path = ModelPath()

    static func validate(_ node: Node, _ shape: Shape, problems: inout Problems) -> Node {
        var validator = Validator()
        let result = validator.check(node, shape)
        problems.add(validator.problems)
        return result
    }

    /// Checks one service as if it were in a stack.
    static func validate(service name: String, _ node: Node, problems: inout Problems) -> Node {
        var validator = Validator()
        validator.path.enter("services")
        validator.path.enter(name)
        let result = validator.check(node, .table(.service))
        problems.add(validator.problems)
        return result
    }

    private mutating func check(_ node: Node, _ shape: Shape) -> Node {
        // What is to be removed need not be what would belong there.
        if node.isInvalid || node.mergeTag == .reset { return node }
        switch shape {
        case .anything:
            return node
        case .string, .stringOrNumber, .stringOrBoolean, .boolean, .integer, .number, .bytes, .size, .duration,
            .fileMode, .deviceCount, .choice, .matching:
            guard let scalar = node.scalar, let value = ScalarCheck.check(scalar, shape) else {
                return refuse(node, shape)
            }
            warnAboutBoolean(scalar, value, at: node.place)
            return value.kind == scalar.kind ? node : node.with(.scalar(value))
        case .nullable(let shape):
            return node.isNull ? node : check(node, shape)
        case .list(let shape, let uniqueness):
            guard node.items != nil else { return refuse(node, .list(shape, uniqueness)) }
            return checkItems(node, shape, uniqueness)
        case .stringOrList(let uniqueness):
            guard node.items != nil else { return node.string == nil ? refuse(node, shape) : node }
            return checkItems(node, .string, uniqueness)
        case .listOrOne(let item, let uniqueness):
            guard node.items != nil else { return node.string == nil ? refuse(node, shape) : node }
            return checkItems(node, item, uniqueness)
        case .allOrList(let item):
            guard node.items != nil else { return node.string == "all" ? node : refuse(node, shape) }
            return checkItems(node, item, .none)
        case .command:
            guard node.items != nil else { return node.isNull || node.string != nil ? node : refuse(node, shape) }
            return checkItems(node, .string, .none)
        case .healthTest:
            guard node.items != nil else { return node.string != nil ? node : refuse(node, shape) }
            return checkItems(node, .string, .none)
        case .ports(let table):
            guard let items = node.items else { return refuse(node, shape) }
            return node.with(.sequence(items.enumerated().map { checkPort($1, table, at: $0) }))
        case .table(let table):
            guard let mapping = node.mapping else { return refuse(node, shape) }
            return checkTable(node, mapping, table)
        case .map(let value, let rule):
            guard node.mapping != nil else { return refuse(node, shape) }
            return checkMap(node, value, rule)
        case .namedOrListed(let value, _):
            if node.items != nil { return checkItems(node, .string, .refused) }
            guard node.mapping != nil else { return refuse(node, shape) }
            return checkMap(node, value, .resource)
        case .shorthand(_, let table):
            if node.string != nil { return node }
            guard let mapping = node.mapping else { return refuse(node, shape) }
            return checkTable(node, mapping, table)
        case .limit(let table):
            if let mapping = node.mapping { return checkTable(node, mapping, table) }
            guard let scalar = node.scalar, let value = ScalarCheck.check(scalar, .integer(nil)) else {
                return refuse(node, shape)
            }
            return node.with(.scalar(value))
        case .variables(let kind):
            return checkVariables(node, kind)
        case .hosts:
            return checkHosts(node)
        case .external:
            if node.mapping != nil { return node }
            return check(node, .boolean)
        }
    }

    private mutating func refuse(_ node: Node, _ shape: Shape) -> Node {
        let found: String
        switch node.scalar?.kind {
        case .string?: found = "\"\(node.scalar?.text ?? "")\""
        case .null?, nil: found = node.kindName
        case .some: found = node.scalar?.text ?? ""
        }
        var message = "expected \(shape.expected) for \(path.name), found \(found)"
        if case .string = shape, let kind = node.scalar?.kind, kind != .null { message += ": quote it" }
        var suggestion: String?
        if case .choice(let names) = shape, let text = node.string {
            suggestion = NearestName.find(text, among: names)
        }
        problems.error(message, at: node.place, suggestion: suggestion, notes: node.notes)
        return node.with(.invalid)
    }

    private mutating func warnAboutBoolean(_ old: Scalar, _ new: Scalar, at place: SourceRange) {
        guard case .boolean(let value) = new.kind, old.kind == .string else { return }
        guard !["true", "false"].contains(old.text.lowercased()) else { return }
        problems.warning("\"\(old.text)\" is a string in YAML 1.2; write \(value) for a boolean", at: place)
    }
}

extension Validator {
    private mutating func checkItems(_ node: Node, _ shape: Shape, _ uniqueness: Shape.Uniqueness) -> Node {
        var index = 0
        let checked = node.mapItems { item in
            path.enter(index: index)
            defer {
                path.leave()
                index += 1
            }
            return check(item, shape)
        }
        guard case .refused = uniqueness else { return checked }
        return refuseDuplicates(checked)
    }

    private mutating func refuseDuplicates(_ node: Node) -> Node {
        guard let items = node.items, items.count > 1 else { return node }
        var seen: [String: SourceRange] = [:]
        return node.mapItems { item in
            guard let text = item.scalar?.display else { return item }
            guard let first = seen[text] else {
                seen[text] = item.place
                return item
            }
            problems.error("\"\(text)\" is twice in \(path.name)", at: item.place, notes: [.first(first)])
            return item.with(.invalid)
        }
    }

    private mutating func checkTable(_ node: Node, _ mapping: Mapping, _ table: Table) -> Node {
        let checked = node.mapEntries { name, entry in
            guard let key = table[name] else {
                if !table.isExtension(name) { reportUnknown(name, at: entry.key, in: table) }
                return entry.value
            }
            path.enter(name)
            defer { path.leave() }
            return check(entry.value, key.shape)
        }
        for name in table.required where mapping[name] == nil {
            let expected = table[name]?.shape.expected ?? "a value"
            problems.error("\(path.name) needs \"\(name)\": \(expected)", at: node.place)
            return node.with(.invalid)
        }
        return checked
    }

    private mutating func reportUnknown(_ name: String, at place: SourceRange, in table: Table) {
        let suggestion = problems.isFull ? nil : NearestName.find(name, among: table.keys.lazy.map(\.name))
        problems.error("unknown key \"\(name)\" in \(path.container)", at: place, suggestion: suggestion)
    }

    private mutating func checkMap(_ node: Node, _ shape: Shape, _ rule: Shape.NameRule) -> Node {
        node.mapEntries { name, entry in
            path.enter(name)
            defer { path.leave() }
            if !rule.allows(name) {
                problems.error("\"\(name)\" cannot be a name here: use \(rule.expected)", at: entry.key)
            }
            return check(entry.value, shape)
        }
    }

    private mutating func checkPort(_ node: Node, _ table: Table, at index: Int) -> Node {
        path.enter(index: index)
        defer { path.leave() }
        if node.isInvalid { return node }
        if let mapping = node.mapping { return checkTable(node, mapping, table) }
        guard let scalar = node.scalar, scalar.kind != .null, scalar.kind != .boolean(true) else {
            return refuse(node, .shorthand(.key("target"), table))
        }
        return node
    }

    private mutating func checkVariables(_ node: Node, _ kind: Shape.Variables) -> Node {
        if node.mapping != nil {
            return node.mapEntries { checkVariable($0, $1.value, kind) }
        }
        guard node.items != nil, !kind.isMappingOnly else { return refuse(node, .variables(kind)) }
        return checkItems(node, .string, .refused)
    }

    private mutating func checkVariable(_ name: String, _ node: Node, _ kind: Shape.Variables) -> Node {
        if node.isInvalid || node.scalar != nil { return node }
        path.enter(name)
        defer { path.leave() }
        if case .multipleOptions = kind, node.items != nil { return checkItems(node, .anything, .none) }
        return refuse(node, .stringOrNumber)
    }

    private mutating func checkHosts(_ node: Node) -> Node {
        if node.items != nil { return checkItems(node, .string, .refused) }
        guard node.mapping != nil else { return refuse(node, .hosts) }
        return checkMap(node, .stringOrList(.none), .any)
    }
}

extension Shape.Variables {
    /// Whether a list of `NAME=value` is no other spelling.
    var isMappingOnly: Bool {
        switch self {
        case .options, .multipleOptions: true
        case .environment, .arguments, .labels, .contexts, .keys: false
        }
    }
}

extension Shape.TextRule {
    func allows(_ text: String) -> Bool {
        switch self {
        case .containerName:
            return zip(text.utf8, text.utf8.dropFirst()).contains { first, second in
                (first.isLetter || first.isDigit) && (second.isLetter || second.isDigit || "_.-".utf8.contains(second))
            }
        case .pullPolicy:
            let words = ["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly"]
            if words.contains(text) { return true }
            guard text.hasPrefix("every_") else { return false }
            return DurationText.parse(String(text.dropFirst("every_".count))) != nil
        }
    }
}

extension Shape.NameRule {
    func allows(_ name: String) -> Bool {
        switch self {
        case .any: true
        case .resource: !name.isEmpty && name.utf8.allSatisfy { $0.isLetter || $0.isDigit || "._-".utf8.contains($0) }
        case .word: !name.isEmpty && name.utf8.allSatisfy { (0x61...0x7A).contains($0) }
        }
    }

    var expected: String {
        switch self {
        case .any: "any text"
        case .resource: "letters, digits, \".\", \"_\" and \"-\""
        case .word: "lower-case letters"
        }
    }
}
