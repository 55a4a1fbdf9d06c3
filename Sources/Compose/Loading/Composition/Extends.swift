/// Resolves `extends`: a service takes over another one, of the same document or of another file, and says what differs.
struct Extends {
    /// The services among which a reference without a file looks.
    private struct Scope {
        let path: String
        let name: String
        let services: Mapping

        /// Whether the services are of another file, and have to be made ready to be moved.
        let isForeign: Bool
    }

    private struct Identity: Hashable {
        let path: String
        let service: String
    }

    private struct Link {
        let identity: Identity
        let node: Node
        let extends: Node
    }

    private var load: Load
    private var scopes: [String: Scope] = [:]
    private var resolved: [Identity: Node] = [:]

    /// Resolves all services of a document. What is read and found out on the way is kept in `load`.
    static func resolve(_ document: Load.Document, _ load: inout Load) -> Node {
        guard let services = document.root["services"]?.mapping else { return document.root }
        guard services.values.contains(where: { $0["extends"] != nil }) else { return document.root }
        var extends = Extends(load: load)
        let scope = Scope(
            path: document.file.path, name: document.file.name, services: services, isForeign: false
        )
        extends.scopes[scope.path] = scope
        let merged = services.compactMapValues { name, _ in extends.resolve(name, in: scope) }
        load = extends.load
        return document.root.mappingChild("services") { $0.with(.mapping(merged)) }
    }

    private init(load: Load) {
        self.load = load
    }

    /// Follows the chain to its end, then merges back along it. No recursion: a chain may be as long as a file.
    private mutating func resolve(_ name: String, in scope: Scope) -> Node? {
        var chain: [Link] = []
        var seen: Set<Identity> = []
        var (scope, name) = (scope, name)
        var base: Node?
        while true {
            let identity = Identity(path: scope.path, service: name)
            if let node = resolved[identity] {
                base = node
                break
            }
            guard let node = service(name, in: scope) else { break }
            guard let extends = node["extends"], !extends.isInvalid else {
                base = node
                break
            }
            guard seen.insert(identity).inserted else {
                reportCycle(chain, back: identity)
                break
            }
            chain.append(Link(identity: identity, node: node, extends: extends))
            guard let next = target(of: extends, from: name, in: scope) else { break }
            (scope, name) = next
        }
        for link in chain.reversed() {
            let merged = base.map { merge($0, link) } ?? link.node
            // A service that says nothing leaves the reference to it in place, to be seen.
            let isSeen = base == nil && load.request.purpose == .show
            let complete = isSeen ? merged : merged.changingMapping { $0.remove("extends") }
            resolved[link.identity] = complete
            base = complete
        }
        return base
    }

    private mutating func merge(_ base: Node, _ link: Link) -> Node {
        let step = History.Step.extends(link.identity.service, link.extends.place)
        let inherited = base.changingMapping { mapping in
            mapping = mapping.compactMapValues { $1.value.through(step) }
        }
        return Merger.merge(inherited, link.node, .table(.service), problems: &load.problems)
    }

    /// The service that `extends` names, and where it is.
    private mutating func target(of extends: Node, from name: String, in scope: Scope) -> (Scope, String)? {
        guard let reference = extends["service"] ?? (extends.string == nil ? nil : extends) else {
            load.problems.error("\"extends\" of service \"\(name)\" needs \"service\"", at: extends.place)
            return nil
        }
        guard let service = reference.string else {
            load.problems.error(
                "expected the name of a service to extend, found \(reference.kindName)", at: reference.place)
            return nil
        }
        var target = scope
        if let file = extends["file"], !file.isNull {
            guard let foreign = foreignScope(file, from: scope) else { return nil }
            target = foreign
        }
        guard target.services[service] != nil else {
            load.problems.error(
                "service \"\(name)\" extends \"\(service)\", which is no service of \(target.name)",
                at: reference.place, suggestion: NearestName.find(service, among: target.services.keys)
            )
            return nil
        }
        return (target, service)
    }

    /// The services of another file. Paths in the document itself start from the project directory, those in a file
    /// that is extended from its own.
    private mutating func foreignScope(_ node: Node, from scope: Scope) -> Scope? {
        guard let name = node.string else {
            load.problems.error("expected the name of a file, found \(node.kindName)", at: node.place)
            return nil
        }
        let path = load.absolute(name, from: scope.isForeign ? Path.directory(of: scope.path) : load.projectDirectory)
        if let known = scopes[path], known.isForeign { return known }
        guard let file = load.read(path, named: load.display(path), at: node.place) else { return nil }
        let root = load.decode(file)
            .map { load.request.keeps(.variables) ? $0.root : load.interpolated($0.root) }
            .reduce(nil as Node?) { merged, root in
                merged.map { Merger.merge($0, root, .table(.stack), problems: &load.problems) } ?? root
            }
        let services = root?["services"]?.mapping ?? Mapping()
        let foreign = Scope(path: path, name: file.name, services: services, isForeign: true)
        scopes[path] = foreign
        return foreign
    }

    /// A service as it stands in its file; one of another file checked, canonical, and with its paths resolved there.
    private mutating func service(_ name: String, in scope: Scope) -> Node? {
        guard var node = scope.services[name], node.mapping != nil else { return nil }
        guard scope.isForeign else { return node }
        node = OwnKeys.lift(inService: name, node, problems: &load.problems)
        node = Validator.validate(service: name, node, problems: &load.problems)
        node = Canonicalizer.rewrite(node, .table(.service), for: load.request, problems: &load.problems)
        let paths = RelativePaths(directory: Path.directory(of: scope.path), home: load.environment.value("HOME"))
        return paths.resolveService(node)
    }

    private mutating func reportCycle(_ chain: [Link], back identity: Identity) {
        let circle = chain.drop { $0.identity != identity }
        let names = circle.map(\.identity.service) + [identity.service]
        let notes = circle.dropFirst().map {
            Diagnostic.Note(message: "\"\($0.identity.service)\" extends here", place: $0.extends.place)
        }
        load.problems.error(
            "services extend each other in a circle: \(names.joined(separator: " -> "))",
            at: circle.first?.extends.place, notes: notes
        )
    }
}
