/// Says in a model what is implied in it: names, the network that everybody is in, dependencies that follow from sharing.
enum Normalizer {
    static func normalise(_ model: Node, project: ProjectName, _ environment: Environment) -> Node {
        model.changingMapping { mapping in
            let place = model.place
            mapping.set("name", .string(project.text, at: mapping["name"]?.place ?? place), at: place)
            mapping.modify("services") { $0 = $0.eachChild { normaliseService($0, environment) } }
            addDefaultNetwork(&mapping)
            for kind in ["networks", "volumes", "configs", "secrets"] {
                mapping.modify(kind) { $0 = named($0, project) }
            }
        }
    }

    private static func normaliseService(_ service: Node, _ environment: Environment) -> Node {
        service.changingMapping { mapping in
            if mapping["pull_policy"]?.string == "if_not_present" {
                mapping.modify("pull_policy") { $0 = $0.with(.scalar(Scalar("missing"))) }
            }
            mapping.modify("build") { $0 = normaliseBuild($0, environment) }
            joinDefaultNetwork(&mapping, at: service.place)
            if let image = mapping["image"], image.string?.isEmpty == false {
                mapping.modify("pre_start") { $0 = $0.eachItem { $0.setDefault("image", image) } }
            }
            addImpliedDependencies(&mapping)
            mapping.modify("volumes") { volumes in
                volumes = volumes.eachItem { mount in
                    mount.modify("target") { target in
                        target = target.string.map { target.with(.scalar(Scalar(Path.normalize($0)))) } ?? target
                    }
                }
            }
        }
    }

    /// Variables without a value take it from the environment of the command.
    static func filled(_ variables: Node, _ environment: Environment) -> Node {
        variables.mapEntries { name, entry in
            guard entry.value.isNull, let variable = environment[name] else { return entry.value }
            return entry.value.with(.scalar(Scalar(variable.value))).through(.variable(name, variable.origin))
        }
    }

    private static func normaliseBuild(_ build: Node, _ environment: Environment) -> Node {
        build.changingMapping { mapping in
            if mapping["dockerfile"] == nil, mapping["dockerfile_inline"] == nil {
                mapping.setDefault("dockerfile", .string("Dockerfile", at: build.place))
            }
            mapping.modify("args") { arguments in
                let known = filled(arguments, environment)
                arguments = known.mapEntries { $1.value.isNull ? nil : $1.value }
            }
        }
    }

    private static func joinDefaultNetwork(_ service: inout Mapping, at place: SourceRange) {
        guard service["provider"] == nil, service["network_mode"] == nil else { return }
        guard service["networks"]?.mapping?.isEmpty ?? true else { return }
        var networks = Mapping()
        networks.set("default", .null(at: place), at: place)
        service.set("networks", Node(.mapping(networks), at: place).through(.defaulted), at: place)
    }

    private static func addDefaultNetwork(_ model: inout Mapping) {
        let user = model["services"]?.mapping?.first { $0.value.value["networks"]?["default"] != nil }
        guard let place = user?.value.value.place, model["networks"]?["default"] == nil else { return }
        let networks = model["networks"] ?? Node(.mapping(Mapping()), at: place)
        let entry = model.entry("networks")?.key ?? place
        model.set("networks", networks.changingMapping { $0.set("default", .null(at: place), at: place) }, at: entry)
    }

    /// Everything has a name in the world: its own, or its key behind the project's.
    private static func named(_ resources: Node, _ project: ProjectName) -> Node {
        resources.mapEntries { key, entry in
            let node = entry.value.isNull ? entry.value.with(.mapping(Mapping())) : entry.value
            let name = node["external"]?.boolean == true ? key : "\(project.text)_\(key)"
            return node.changingMapping { $0.setDefault("name", .string(name, at: entry.key)) }
        }
    }

    /// A service that shares something of another has to be started after it.
    private static func addImpliedDependencies(_ service: inout Mapping) {
        var implied: [(name: String, restart: Bool, place: SourceRange)] = []
        for link in service["links"]?.items ?? [] {
            guard let text = link.string else { continue }
            implied.append((String(Spelling.cut(text, ":").0), true, link.place))
        }
        for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
            guard let node = service[key], let text = node.string, text.hasPrefix("service:") else { continue }
            implied.append((String(text.dropFirst("service:".count)), true, node.place))
        }
        for volume in service["volumes_from"]?.items ?? [] {
            guard let text = volume.string, !text.hasPrefix("container:") else { continue }
            implied.append((String(Spelling.cut(text, ":").0), false, volume.place))
        }
        guard let first = implied.first else { return }
        var node = service["depends_on"] ?? Node(.mapping(Mapping()), at: first.place)
        for (name, restart, place) in implied where node[name] == nil {
            var dependency = Mapping()
            dependency.set("condition", .string("service_started", at: place), at: place)
            dependency.set("restart", .boolean(restart, at: place), at: place)
            dependency.set("required", .boolean(true, at: place), at: place)
            node = node.changingMapping { $0.set(name, Node(.mapping(dependency), at: place), at: place) }
        }
        service.set("depends_on", node, at: service.place(ofKey: "depends_on") ?? first.place)
    }
}
