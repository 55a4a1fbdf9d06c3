/// Checks that what the services of a model name is in it, and that no service waits for itself.
struct References {
    private let model: Node
    private let services: Mapping

    /// The services that are left out for their profiles.
    private let disabled: Set<String>

    /// Whether nobody knows any more which services were left out: what is optional and missing is one of them then.
    private let isRestored: Bool

    init(_ model: Node, disabled: Set<String>, isRestored: Bool) {
        self.model = model
        self.isRestored = isRestored
        self.services = model["services"]?.mapping ?? Mapping()
        self.disabled = disabled
    }

    func check(problems: inout Problems) {
        for (name, entry) in services {
            let service = entry.value
            checkDependencies(of: name, service, problems: &problems)
            checkNamespaces(of: name, service, problems: &problems)
            checkResources(of: name, service, problems: &problems)
            checkMounts(of: name, service, problems: &problems)
        }
        for cycle in cycles() { report(cycle, problems: &problems) }
    }

    private func checkDependencies(of name: String, _ service: Node, problems: inout Problems) {
        for (other, dependency) in service["depends_on"]?.mapping ?? Mapping() where services[other] == nil {
            if isRestored || disabled.contains(other) {
                if dependency.value["required"]?.boolean == false { continue }
                let message = "service \"\(name)\" depends on \"\(other)\", which is left out for its profiles"
                problems.error(message, at: dependency.key)
            } else {
                problems.error(
                    "service \"\(name)\" depends on \"\(other)\", which is no service of this stack",
                    at: dependency.key,
                    suggestion: problems.isFull ? nil : NearestName.find(other, among: services.keys)
                )
            }
        }
    }

    private func checkNamespaces(of name: String, _ service: Node, problems: inout Problems) {
        guard let mode = service["network_mode"], let text = mode.string, text.hasPrefix("service:") else { return }
        let other = String(text.dropFirst("service:".count))
        guard services[other] == nil else { return }
        problems.error(
            "service \"\(name)\" shares the network of \"\(other)\", which is no service of this stack",
            at: mode.place, suggestion: problems.isFull ? nil : NearestName.find(other, among: services.keys)
        )
    }

    private func checkResources(of name: String, _ service: Node, problems: inout Problems) {
        for (kind, single) in [("networks", "network"), ("models", "model")] {
            for (other, entry) in service[kind]?.mapping ?? Mapping() {
                require(other, in: kind, single, for: name, at: entry.key, problems: &problems)
            }
        }
        for (other, entry) in service["networks"]?.mapping ?? Mapping() where other.hasPrefix("x-") {
            let message = "the network \"\(other)\" cannot be told from an extension: choose a name without \"x-\""
            problems.error(message, at: entry.key)
        }
        for (kind, single) in [("configs", "config"), ("secrets", "secret")] {
            let mounts = (service[kind]?.items ?? []) + (kind == "secrets" ? service["build"]?[kind]?.items ?? [] : [])
            for mount in mounts {
                guard let source = mount["source"], let other = source.string else { continue }
                require(other, in: kind, single, for: name, at: source.place, problems: &problems)
            }
        }
    }

    private func checkMounts(of name: String, _ service: Node, problems: inout Problems) {
        for mount in service["volumes"]?.items ?? [] where mount["type"]?.string == "volume" {
            guard let source = mount["source"], let other = source.string, !other.isEmpty else { continue }
            require(other, in: "volumes", "volume", for: name, at: source.place, problems: &problems)
        }
    }

    private func require(
        _ other: String, in kind: String, _ single: String, for name: String, at place: SourceRange,
        problems: inout Problems
    ) {
        guard model[kind]?[other] == nil else { return }
        let known = model[kind]?.mapping.map { Array($0.keys) } ?? []
        problems.error(
            "service \"\(name)\" uses the \(single) \"\(other)\", which is not in \"\(kind)\" of this stack",
            at: place, suggestion: problems.isFull ? nil : NearestName.find(other, among: known)
        )
    }

    private func cycles() -> [[String]] {
        DependencyGraph.cycles(in: Array(services.keys)) { name in
            guard let dependencies = services[name]?["depends_on"]?.mapping else { return [] }
            return dependencies.keys.filter { services[$0] != nil }
        }
    }

    private func report(_ cycle: [String], problems: inout Problems) {
        let path = cycle + cycle.prefix(1)
        let edges = zip(path, path.dropFirst()).map { from, to in
            (text: "\(from) waits for \(to)", place: services[from]?["depends_on"]?.mapping?.place(ofKey: to))
        }
        let notes = edges.dropFirst().compactMap { edge in
            edge.place.map { Diagnostic.Note(message: edge.text, place: $0) }
        }
        let shown = path.joined(separator: " -> ")
        problems.error("services depend on each other in a circle: \(shown)", at: edges.first?.place, notes: notes)
    }
}
