internal import JSON
internal import Linux

/// How often a service runs, with what, and when again: `deploy`, which in Swarm says it all.
extension SwarmService {
    mutating func deployment() -> Mapping {
        if let scale = node["scale"], deploy["replicas"] == nil { deploy.set("replicas", scale, at: place("scale")) }
        translateResources()
        translateRestart()
        return deploy
    }

    private mutating func translateResources() {
        let resources = deploy["resources"]?.mapping ?? Mapping()
        var limits = resources["limits"]?.mapping ?? Mapping()
        var reservations = resources["reservations"]?.mapping ?? Mapping()
        func take(_ key: String, as name: String, into mapping: inout Mapping) {
            if let value = node[key], mapping[name] == nil { mapping.set(name, value, at: place(key)) }
        }
        take("cpus", as: "cpus", into: &limits)
        take("mem_limit", as: "memory", into: &limits)
        take("pids_limit", as: "pids", into: &limits)
        take("mem_reservation", as: "memory", into: &reservations)
        if limits["cpus"] == nil, let processors { limits.set("cpus", processors, at: place("cpu_quota")) }
        // No limit, and no text that the engine can read.
        if let memory = limits["memory"]?.scalar?.display, ["-1", "0"].contains(memory) { limits.remove("memory") }
        if limits["pids"]?.integer == 0 { limits.remove("pids") }
        // Gocker's own limit where nobody sets one: what is safe by default stays so.
        if limits["pids"] == nil, case .limited(let count) = PidsLimit.standard {
            limits.set("pids", .integer(count, at: entry.key), at: entry.key)
        }
        if limits["pids"]?.integer == -1 { limits.remove("pids") }
        for key in ["cpus", "memory"] {
            limits.modify(key) { $0 = Self.inQuotes($0) }
            reservations.modify(key) { $0 = Self.inQuotes($0) }
        }
        if let devices = reservations.remove("devices") {
            refuse("devices", "nodes offer such as \"generic_resources\"", at: devices.key)
        }
        var result = resources
        let here = place("deploy")
        result.set("limits", Node(.mapping(limits), at: here), at: here)
        if !reservations.isEmpty { result.set("reservations", Node(.mapping(reservations), at: here), at: here) }
        deploy.set("resources", Node(.mapping(result), at: here), at: here)
    }

    /// `cpu_quota` of `cpu_period`, in processors.
    private var processors: Node? {
        guard let quota = node["cpu_quota"], let time = quota.integer, time > 0 else { return nil }
        let period = node["cpu_period"]?.integer ?? 100_000
        guard period > 0 else { return nil }
        return .string(FloatText.format(Double(time) / Double(period)), at: quota.place)
    }

    /// Version 3 has numbers of processors and of bytes as texts.
    private static func inQuotes(_ node: Node) -> Node {
        node.scalar.map { .string($0.display, at: node.place) } ?? node
    }

    private mutating func translateRestart() {
        guard deploy["restart_policy"] == nil else { return }
        var policy = Mapping()
        let place = place("restart")
        func set(_ key: String, _ value: Node) { policy.set(key, value, at: place) }
        switch text("restart").flatMap({ RestartPolicy($0) }) ?? .no {
        case let restart where restart.condition == .no:
            set("condition", .string("none", at: place))
            if deploy["mode"]?.string?.hasSuffix("-job") == true { break }
            problems.warn(
                "service \"\(name)\" has no \"restart\": where it ends, or its node is lost, Swarm does not start it again",
                at: place)
        case let restart where restart.condition == .onFailure:
            set("condition", .string("on-failure", at: place))
            if let limit = restart.limit { set("max_attempts", .integer(Int64(limit), at: place)) }
        default:
            set("condition", .string("any", at: place))
        }
        deploy.set("restart_policy", Node(.mapping(policy), at: place), at: place)
    }
}
