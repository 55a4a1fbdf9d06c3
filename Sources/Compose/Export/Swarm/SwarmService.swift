internal import Linux

/// Says one service in Swarm's words.
struct SwarmService {
    let name: String
    let entry: Mapping.Entry
    /// The project directory, which only this machine has.
    let directory: String
    var problems: ExportProblems
    /// What has been said so far, and of `deploy`.
    var result = Mapping()
    var deploy: Mapping
    /// What comes to the mounts from other keys.
    var moreMounts: [Node] = []

    var node: Node { entry.value }

    init(_ name: String, _ entry: Mapping.Entry, directory: String, _ problems: ExportProblems) {
        self.name = name
        self.entry = entry
        self.directory = directory
        self.problems = problems
        deploy = entry.value["deploy"]?.mapping ?? Mapping()
    }

    /// The keys that can be ignored: those that may be refused.
    static var ignorable: Set<String> {
        let refused = SwarmKey.ofService.filter { if case .refused = $0.value { true } else { false } }
        return Set(refused.keys).union([
            "overlay", "on_unhealthy", "depends_on", "links", "network_mode", "networks", "ports", "security_opt",
            "tmpfs", "volumes", "models", "devices", "driver", "ipam", "enable_ipv6", "enable_ipv4",
        ])
    }

    mutating func translate(_ images: [String: ImageReference], _ resources: inout SwarmResources) -> Node {
        for (key, entry) in node.mapping ?? Mapping() where !entry.value.isUnset {
            guard let treatment = SwarmKey.ofService[key] else { continue }
            switch treatment {
            case .meaningless: break
            case .kept: result.set(key, entry.value, at: entry.key)
            case .leftOut(let why):
                problems.warn("\"\(key)\" of service \"\(name)\" is left out: \(why)", at: entry.key)
            case .refused(let advice): refuse(key, advice, at: entry.key)
            case .translated: break
            }
        }
        translateImage(images)
        translateEnvironment()
        translateHealth()
        translateDependencies()
        translateNetworks()
        translatePorts()
        translateRights()
        translateMounts(&resources)
        result.set("deploy", Node(.mapping(deployment()), at: place("deploy")), at: place("deploy"))
        for kind in ["secrets", "configs"] {
            guard let mounts = resources.mounts(kind, of: node) else { continue }
            result.set(kind, mounts, at: place(kind))
        }
        return Node(.mapping(result), at: node.place)
    }

    /// Where a key stands; where the service does, if it does not stand there.
    func place(_ key: String) -> SourceRange { node.mapping?.place(ofKey: key) ?? entry.key }

    mutating func refuse(_ key: String, _ advice: String, at place: SourceRange? = nil) {
        problems.refuse(key, at: place ?? self.place(key), advice: advice)
    }

    func text(_ key: String) -> String? {
        node[key]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
}

// MARK: What runs

extension SwarmService {
    private mutating func translateImage(_ images: [String: ImageReference]) {
        if let rootfs = StackDocument.rootfs(of: node) {
            let place = node["rootfs"]?["path"]?.place ?? node.place
            let image = images[rootfs].map { "\($0)" } ?? ""
            result.set("image", .string(image, at: place), at: self.place("rootfs"))
            guard node["rootfs"]?["overlay"]?.boolean == false else { return }
            refuse(
                "overlay", "each container writes to a layer of its own; what is to stay goes to a volume",
                at: node["rootfs"]?.mapping?.place(ofKey: "overlay"))
        } else if let image = text("image") {
            result.set("image", .string(image, at: node["image"]?.place ?? node.place), at: place("image"))
            guard node["build"] != nil else { return }
            problems.warn(
                "Swarm builds nothing: build \"\(image)\" of service \"\(name)\", and push it", at: place("build"))
        } else {
            problems.error(
                "Swarm builds nothing: build the image of service \"\(name)\", push it, and name it with \"image\"",
                at: place("build"))
        }
    }

    private mutating func translateEnvironment() {
        guard let environment = node["environment"] else { return }
        // A name without a value takes it from whoever deploys, who is somebody else.
        let known = environment.mapEntries { $1.value.isNull ? nil : $1.value }
        result.set("environment", known, at: place("environment"))
    }

    private mutating func translateHealth() {
        if let check = node["healthcheck"] {
            if let place = check.mapping?.place(ofKey: "start_interval") {
                problems.warn("\"start_interval\" is left out: Swarm tests at one interval", at: place)
            }
            result.set("healthcheck", check.changingMapping { $0.remove("start_interval") }, at: place("healthcheck"))
        }
        // It replaces what is unhealthy, whether it is told to or not.
        guard let policy = text("on_unhealthy"), policy != "restart" else { return }
        refuse("on_unhealthy", "it replaces what is unhealthy")
    }

    private mutating func translateDependencies() {
        for (other, dependency) in node["depends_on"]?.mapping ?? Mapping() {
            let condition = dependency.value["condition"]?.string ?? "service_started"
            let place = dependency.value["condition"]?.place ?? dependency.key
            if condition == "service_started" {
                problems.warn(
                    "Swarm starts all services at once: \"\(name)\" may find \"\(other)\" not there yet",
                    at: dependency.key)
            } else {
                refuse(
                    "depends_on", "it waits for nothing: let \"\(name)\" wait for \"\(other)\" itself, or fail",
                    at: place)
            }
        }
        for link in node["links"]?.items ?? [] {
            guard let text = link.string, let alias = Spelling.cut(text, ":").1, alias != Spelling.cut(text, ":").0
            else {
                continue
            }
            refuse("links", "give the other service the name with networks.NETWORK.aliases: [\(alias)]", at: link.place)
        }
    }

    private mutating func translateRights() {
        for item in node["security_opt"]?.items ?? [] {
            let (key, value) = Spelling.cut(item.string ?? "", item.string?.contains("=") == true ? "=" : ":")
            // So it is with Docker.
            if key == "no-new-privileges", value == "false" { continue }
            let advice =
                key == "no-new-privileges"
                ? "the nodes' engine says it for all containers: dockerd --no-new-privileges"
                : "the nodes' engine says it: dockerd --seccomp-profile"
            refuse("security_opt", advice, at: item.place)
        }
        if let hosts = node["extra_hosts"] {
            // In the spelling of version 3: a colon, the first one, where Gocker's canonical form has an equals sign.
            let items = hosts.mapItems { host in
                guard let text = host.string, let equals = text.firstIndex(of: "=") else { return host }
                return host.with(.scalar(Scalar("\(text[..<equals]):\(text[text.index(after: equals)...])")))
            }
            result.set("extra_hosts", items, at: place("extra_hosts"))
        }
        if let limits = node["ulimits"] { result.set("ulimits", limits, at: place("ulimits")) }
    }
}

// MARK: Its network

extension SwarmService {
    private mutating func translateNetworks() {
        if let mode = text("network_mode") {
            switch mode {
            case "host":
                var networks = Mapping()
                networks.set(SwarmResources.hostNetwork, .null(at: place("network_mode")), at: place("network_mode"))
                result.set("networks", Node(.mapping(networks), at: place("network_mode")), at: place("network_mode"))
            case "none": refuse("network_mode", "every service is in a network; one that is \"internal\" leads nowhere")
            case "bridge", "default": break
            default: refuse("network_mode", "services share no network devices; let them share a network")
            }
            return
        }
        guard let networks = node["networks"] else { return }
        let known: Set<String> = ["aliases"]
        let translated = networks.mapEntries { network, entry in
            for (key, setting) in entry.value.mapping ?? Mapping() where !known.contains(key) {
                let advice = "addresses and devices are given by it; services find each other by name"
                problems.refuse("networks", at: setting.key, advice: advice)
            }
            return entry.value.mapEntries { key, setting in known.contains(key) ? setting.value : nil }
        }
        result.set("networks", translated, at: place("networks"))
    }

    private mutating func translatePorts() {
        guard let ports = node["ports"] else { return }
        let isRoundRobin = deploy["endpoint_mode"]?.string == "dnsrr"
        let translated = ports.mapItems { port in
            if let address = port.mapping?.place(ofKey: "host_ip") {
                problems.refuse(
                    "ports", at: address,
                    advice: "a port is published on all addresses of a node; leave \"host_ip\" out")
            }
            if isRoundRobin, port["mode"]?.string != "host" {
                problems.error(
                    "a port of a service with \"endpoint_mode: dnsrr\" is published with \"mode: host\" only",
                    at: port["mode"]?.place ?? port.place)
            }
            return port.changingMapping { mapping in
                for key in ["host_ip", "name", "app_protocol"] { mapping.remove(key) }
                guard let published = mapping["published"] else { return }
                guard let number = published.scalar.flatMap({ UInt16($0.display) }) else {
                    problems.refuse(
                        "ports", at: published.place,
                        advice: "it publishes a port, or one of its own choice; not a range")
                    mapping.remove("published")
                    return
                }
                mapping.update("published", .integer(Int64(number), at: published.place))
            }
        }
        result.set("ports", translated, at: place("ports"))
    }
}
