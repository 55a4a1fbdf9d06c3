internal import Linux

/// Brings a valid tree into the one form in which everything has one spelling: long forms, mappings instead of lists of
/// `NAME=value`, durations and sizes in their shortest text.
///
/// It changes nothing in a tree that is canonical already, so that included files can be treated again with their host.
struct Canonicalizer {
    /// Whether variables are left as they are; what contains one is not taken apart then.
    let keepsVariables: Bool

    /// Whether the result is to be run: then nothing may be left out of it.
    let isToRun: Bool

    private(set) var problems = Problems()

    static func rewrite(_ node: Node, _ shape: Shape, for request: LoadRequest, problems: inout Problems) -> Node {
        var canonicalizer = Canonicalizer(request)
        let result = canonicalizer.rewrite(node, shape)
        problems.add(canonicalizer.problems)
        return result
    }

    private init(_ request: LoadRequest) {
        keepsVariables = request.keeps(.variables)
        isToRun = [.run, .export].contains(request.purpose)
    }

    private mutating func rewrite(_ node: Node, _ shape: Shape) -> Node {
        if node.isInvalid || node.mergeTag == .reset { return node }
        if keepsVariables, node.string?.contains("$") == true { return node }
        switch shape {
        case .anything, .string, .boolean, .integer, .number, .choice, .matching:
            return node
        case .stringOrNumber, .stringOrBoolean:
            return text(node)
        case .bytes, .size:
            return bytes(node)
        case .duration:
            return node.string.flatMap(DurationText.parse).map { rewritten(node, DurationText.format($0)) } ?? node
        case .fileMode:
            return fileMode(node)
        case .deviceCount:
            return node.string == nil ? node : node.with(.scalar(Scalar("-1", .integer(-1))))
        case .nullable(let shape):
            return node.isNull ? node : rewrite(node, shape)
        case .list(let item, _):
            return each(node) { $0.rewrite($1, item) }
        case .stringOrList:
            return Spelling.list(node)
        case .listOrOne(let item, _):
            return each(Spelling.list(node)) { $0.rewrite($1, item) }
        case .allOrList(let item):
            return node.items == nil ? allDevices(node) : each(node) { $0.rewrite($1, item) }
        case .command:
            return words(node)
        case .healthTest:
            guard node.string != nil else { return node }
            return node.with(.sequence([.string("CMD-SHELL", at: node.place), node]))
        case .table(let table):
            return rewriteTable(node, table)
        case .map(let value, _):
            return eachValue(node) { $0.rewrite($1, value) }
        case .namedOrListed(let value, let listed):
            return rewriteNamed(node, value, listed)
        case .shorthand(let shorthand, let table):
            return rewriteTable(expand(node, shorthand), table)
        case .ports(let table):
            guard let items = node.items else { return node }
            return node.with(.sequence(items.flatMap { ports($0, table) }))
        case .limit(let table):
            return rewriteTable(node, table)
        case .variables(let kind):
            return variables(node, kind)
        case .hosts:
            return hosts(node)
        case .external:
            return node
        }
    }

    private mutating func each(_ node: Node, _ change: (inout Canonicalizer, Node) -> Node) -> Node {
        node.mapItems { change(&self, $0) }
    }

    private mutating func eachValue(_ node: Node, _ change: (inout Canonicalizer, Node) -> Node) -> Node {
        node.mapEntries { change(&self, $1.value) }
    }

    private mutating func rewriteTable(_ node: Node, _ table: Table) -> Node {
        let rewritten = node.mapEntries { name, entry in
            table[name].map { rewrite(entry.value, $0.shape) } ?? entry.value
        }
        guard rewritten["external"]?.mapping != nil else { return rewritten }
        return rewritten.changingMapping { ExternalName.lift(&$0, problems: &problems) }
    }

    private mutating func rewriteNamed(_ node: Node, _ shape: Shape, _ listed: Shape.Listed) -> Node {
        eachValue(Spelling.named(node, listed)) { canonicalizer, value in
            let value = canonicalizer.rewrite(value, shape)
            guard case .dependency = listed else { return value }
            return value.changingMapping { dependency in
                dependency.setDefault("condition", .string("service_started", at: node.place))
                dependency.setDefault("required", .boolean(true, at: node.place))
            }
        }
    }

    private mutating func refuse(_ node: Node, _ message: String) -> Node {
        problems.error(message, at: node.place)
        return node.with(.invalid)
    }
}

// MARK: Short forms

extension Canonicalizer {
    private mutating func expand(_ node: Node, _ shorthand: Shape.Shorthand) -> Node {
        guard let text = node.string else { return node }
        switch shorthand {
        case .key(let key):
            return Spelling.table(node, key: key)
        case .device:
            guard let device = DeviceText.parse(text) else {
                return refuse(node, "expected SOURCE:TARGET:PERMISSIONS for a device, found \"\(text)\"")
            }
            return device.node(at: node.place).keepingHistory(of: node)
        case .volume:
            guard let volume = VolumeText.parse(text) else {
                return refuse(node, "expected SOURCE:TARGET:OPTIONS for a volume, found \"\(text)\"")
            }
            Pitfalls.volume(volume, at: node.place, problems: &problems)
            for option in volume.unknownOptions {
                problems.warning("\"\(option)\" is no option of a mount, and is ignored", at: node.place)
            }
            return volume.node(at: node.place).keepingHistory(of: node)
        }
    }

    private mutating func ports(_ node: Node, _ table: Table) -> [Node] {
        guard let scalar = node.scalar, !(keepsVariables && scalar.text.contains("$")) else {
            return [rewriteTable(node, table)]
        }
        Pitfalls.port(scalar, at: node.place, problems: &problems)
        do {
            return try PortText.parse(scalar.display).map { $0.node(at: node.place).keepingHistory(of: node) }
        } catch {
            return [refuse(node, "cannot publish \"\(scalar.display)\": \(error.reason)")]
        }
    }

    private func allDevices(_ node: Node) -> Node {
        var request = Mapping()
        request.set("count", .integer(-1, at: node.place), at: node.place)
        return node.with(.sequence([node.with(.mapping(request))]))
    }

    private mutating func words(_ node: Node) -> Node {
        guard let text = node.string, !keepsVariables else { return node }
        do {
            let split = try ShellWords(splitting: text)
            if let shellOperator = split.shellOperator { reportShell(shellOperator, at: node.place) }
            return node.with(.sequence(split.words.map { .string($0, at: node.place) }))
        } catch {
            return refuse(node, "cannot split \"\(text)\" into words: \(error.reason)")
        }
    }

    /// To leave out half of a command without a word would be worse than not to run it at all.
    private mutating func reportShell(_ shellOperator: Character, at place: SourceRange) {
        let message = "there is no shell that would understand \"\(shellOperator)\"; what follows it is left out: write"
        if isToRun {
            problems.error("\(message) [sh, -c, \"…\"]", at: place)
        } else {
            problems.warning("\(message) [sh, -c, \"…\"]", at: place)
        }
    }

    private mutating func variables(_ node: Node, _ kind: Shape.Variables) -> Node {
        if let problem = kind.problem(in: node) { return refuse(problem.item, problem.message) }
        return eachValue(Spelling.variables(node)) { canonicalizer, value in
            if case .multipleOptions = kind {
                return canonicalizer.each(Spelling.list(value)) { $0.text($1) }
            }
            if value.isNull {
                switch kind {
                case .environment, .arguments, .keys: return value
                case .labels, .options, .multipleOptions, .contexts: return canonicalizer.text(value)
                }
            }
            return canonicalizer.text(value)
        }
    }

    private mutating func hosts(_ node: Node) -> Node {
        var hosts: [Node] = []
        for item in Spelling.hosts(node) {
            let text = item.scalar?.display ?? ""
            guard let separator = text.firstIndex(of: "=") ?? text.firstIndex(of: ":"), separator > text.startIndex
            else {
                return refuse(item, "expected NAME=ADDRESS for a host, found \"\(text)\"")
            }
            for address in text[text.index(after: separator)...].split(separator: ",", omittingEmptySubsequences: false)
            {
                let bare = address.first == "[" && address.last == "]" && address.count > 2
                let shown = bare ? address.dropFirst().dropLast() : address
                hosts.append(item.with(.scalar(Scalar("\(text[..<separator])=\(shown)"))))
            }
        }
        return node.with(.sequence(hosts.sorted { $0.string ?? "" < $1.string ?? "" }))
    }
}

// MARK: Single values

extension Canonicalizer {
    private func rewritten(_ node: Node, _ text: String) -> Node {
        node.string == text ? node : node.with(.scalar(Scalar(text)))
    }

    private mutating func text(_ node: Node) -> Node {
        guard let scalar = node.scalar else { return node }
        Pitfalls.number(scalar, at: node.place, problems: &problems)
        return rewritten(node, scalar.display)
    }

    private func bytes(_ node: Node) -> Node {
        guard let scalar = node.scalar else { return node }
        switch scalar.kind {
        case .integer(let value): return rewritten(node, String(value))
        case .string: return ByteText.parse(scalar.text).map { rewritten(node, String($0)) } ?? node
        case .null, .boolean, .float: return node
        }
    }

    private mutating func fileMode(_ node: Node) -> Node {
        guard let scalar = node.scalar else { return node }
        Pitfalls.fileMode(scalar, at: node.place, problems: &problems)
        if case .integer(let value) = scalar.kind { return rewritten(node, "0" + String(value, radix: 8)) }
        return Int64(scalar.text, radix: 8).map { rewritten(node, "0" + String($0, radix: 8)) } ?? node
    }
}

extension Shape.Variables {
    /// The first item of a list that is not as this kind wants it.
    fileprivate func problem(in node: Node) -> (item: Node, message: String)? {
        for item in node.items ?? [] {
            guard let text = item.string else { continue }
            let (name, value) = Spelling.cut(text, "=")
            switch self {
            case .environment where name.utf8.last?.isSpace == true && value != nil:
                return (item, "the variable \"\(name)\" ends with a blank")
            case .contexts where value == nil:
                return (item, "expected NAME=VALUE, found \"\(text)\"")
            case .keys where value == nil && name != "default":
                return (item, "expected NAME=PATH, found \"\(text)\"")
            default: break
            }
        }
        return nil
    }
}

extension Node {
    /// The same value, with the history of the one that it was made from.
    func keepingHistory(of origin: Node) -> Node {
        with(origin.history)
    }
}
