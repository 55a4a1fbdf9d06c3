/// Networks, volumes, secrets and configs in Swarm's words.
struct SwarmResources {
    /// What the network of the machine is called in the stack file.
    static let hostNetwork = "host"

    private let document: StackDocument
    /// Whether contents can be written beside the stack file.
    private let writesFiles: Bool
    /// Those that have been.
    private(set) var files: [ExportedStack.File] = []

    init(_ document: StackDocument, writesFiles: Bool) {
        self.document = document
        self.writesFiles = writesFiles
    }

    private var services: Mapping { document.model["services"]?.mapping ?? Mapping() }

    /// One kind of them; nil where there are none.
    mutating func translated(_ kind: String, _ problems: inout ExportProblems) -> Node? {
        var resources = document.model[kind]
        if kind == "networks" { resources = addingHostNetwork(to: resources) }
        return resources?.mapEntries { name, entry in
            var node = entry.value
            if node["external"]?.boolean == true { return node }
            // Swarm puts the stack's name before it, as Gocker does with the project's.
            let isOwnName = node["name"]?.string == "\(document.name)_\(name)"
            if isOwnName { node = node.changingMapping { $0.remove("name") } }
            switch kind {
            case "networks": return network(name, node, &problems)
            case "volumes":
                checkVolume(name, entry, &problems)
                return node
            default: return file(kind, name, node, entry, hasOwnName: !isOwnName, &problems)
            }
        }
    }

    // MARK: Networks and volumes

    private func addingHostNetwork(to networks: Node?) -> Node? {
        guard let user = services.first(where: { $0.value.value["network_mode"]?.string == "host" }) else {
            return networks
        }
        let place = user.value.value["network_mode"]?.place ?? user.value.key
        var network = Mapping()
        network.set("name", .string("host", at: place), at: place)
        network.set("external", .boolean(true, at: place), at: place)
        let all = networks ?? Node(.mapping(Mapping()), at: place)
        return all.changingMapping { $0.set(Self.hostNetwork, Node(.mapping(network), at: place), at: place) }
    }

    private func network(_ name: String, _ network: Node, _ problems: inout ExportProblems) -> Node {
        network.mapEntries { key, entry in
            switch key {
            case "driver" where ["bridge", "host", "none"].contains(entry.value.string):
                problems.refuse(
                    key, at: entry.value.place,
                    advice:
                        "\"\(entry.value.string ?? "")\" is a network of one machine; without \"driver\" it is \"overlay\""
                )
                return nil
            case "enable_ipv4", "enable_ipv6":
                problems.refuse(key, at: entry.key, advice: "the nodes' engine says which addresses there are")
                return nil
            case "ipam":
                return ipam(entry, &problems)
            default:
                return entry.value
            }
        }
    }

    private func ipam(_ entry: Mapping.Entry, _ problems: inout ExportProblems) -> Node? {
        for pool in entry.value["config"]?.items ?? [] {
            for (key, setting) in pool.mapping ?? Mapping() where key != "subnet" {
                problems.refuse(
                    "ipam", at: setting.key, advice: "of a pool of addresses only the \"subnet\" can be said")
            }
        }
        if let options = entry.value.mapping?.place(ofKey: "options") {
            problems.refuse("ipam", at: options, advice: "whoever gives addresses has no options there")
        }
        let kept = entry.value.changingMapping { $0.remove("options") }.mappingChild("config") { pools in
            pools.mapItems { pool in pool.mapEntries { $0 == "subnet" ? $1.value : nil } }
        }
        return kept.mapping?.isEmpty == true ? nil : kept
    }

    private func checkVolume(_ name: String, _ entry: Mapping.Entry, _ problems: inout ExportProblems) {
        let isOfTheNode = entry.value["driver_opts"].map { $0["type"]?.string == "tmpfs" } ?? true
        guard ["local", nil].contains(entry.value["driver"]?.string), isOfTheNode else { return }
        problems.warn(
            "volume \"\(name)\" is another one on each node: a service that is started elsewhere finds it empty",
            at: entry.key)
    }

    // MARK: Secrets and configs

    private mutating func file(
        _ kind: String, _ name: String, _ node: Node, _ entry: Mapping.Entry, hasOwnName: Bool,
        _ problems: inout ExportProblems
    ) -> Node {
        let single = String(kind.dropLast())
        let source = ["file", "environment", "content"].compactMap { node.mapping?.entry($0) }.first
        guard let source, let digest = digest(kind, name) else { return node }
        var path = node["file"]?.string
        if writesFiles {
            let file = "\(kind)/\(name)"
            files.append(.init(name: file, content: document.contents[digest] ?? [], isSecret: kind == "secrets"))
            path = "./\(file)"
            if kind == "secrets", node["environment"] != nil {
                problems.warn(
                    "the secret \"\(name)\" is written to a file, \(file), for its owner only", at: source.key)
            }
        }
        guard let path else {
            problems.error(
                "Swarm takes the \(single) \"\(name)\" from a file: write one, with the stack file, with -o DIRECTORY/",
                at: source.key)
            return node
        }
        return node.changingMapping { mapping in
            for key in ["environment", "content"] { mapping.remove(key) }
            mapping.set("file", .string(path, at: source.key), at: source.key)
            // What it has under a name Swarm never changes: what holds something else is called something else.
            guard !hasOwnName else { return }
            let unique = "\(document.name)_\(name)_\(digest.prefix(12))"
            mapping.set("name", .string(unique, at: entry.key), at: entry.key)
        }
    }

    private func digest(_ kind: String, _ name: String) -> String? {
        for (_, service) in services {
            if let digest = UsedContents.digest(of: name, kind, in: service.value) { return digest }
        }
        return nil
    }

    /// Where a service sees its secrets or configs; nil where it has none.
    func mounts(_ kind: String, of service: Node) -> Node? {
        service[kind]?.eachItem { mount in
            // Version 3 has the mode as a number.
            mount.modify("mode") { mode in
                guard let bits = mode.string.flatMap({ Int64($0, radix: 8) }) else { return }
                mode = .integer(bits, at: mode.place)
            }
        }
    }
}
