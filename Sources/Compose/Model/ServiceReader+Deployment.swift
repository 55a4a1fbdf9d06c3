internal import Linux

/// How many there are, when they are started again, how they are replaced.
extension ServiceReader {
    /// The loader has put `scale` there too. Of what is global there is one instance on each machine, and one machine.
    mutating func readReplicas() -> Int {
        _ = read("mode", of: node["deploy"], Deployment.expected) { Deployment(rawValue: $0) }
        guard let replicas = node["deploy"]?["replicas"] ?? node["scale"], let count = replicas.integer else {
            return 1
        }
        if deployment.isGlobal, count != 1 {
            problems.error(
                "service \"\(name)\" is \(deployment.rawValue), so that there is one of it on a machine: leave out "
                    + "\"replicas\"", at: replicas.place)
        }
        return Int(clamping: max(0, count))
    }

    private mutating func read<Value>(
        _ key: String, of node: Node?, _ expected: String, _ parse: (String) -> Value?
    ) -> Value? {
        guard let text = node?[key]?.string, !text.isEmpty else { return nil }
        if let value = parse(text) { return value }
        refuse(key, expected, found: text, at: node?[key]?.place)
        return nil
    }

    mutating func readRestartPolicy() -> RestartPolicy {
        let policy = readWrittenPolicy()
        guard deployment.isJob, policy.condition == .always || policy.condition == .unlessStopped else { return policy }
        problems.error(
            "service \"\(name)\" is a job, which is done once it has succeeded: restart it on-failure or not at all",
            at: node["deploy"]?["restart_policy"]?["condition"]?.place ?? node["restart"]?.place
                ?? node["deploy"]?["mode"]?.place)
        return policy
    }

    private var deployment: Deployment { Deployment(of: node) }

    /// `deploy.restart_policy` counts where there is one, as with the Compose tools.
    private mutating func readWrittenPolicy() -> RestartPolicy {
        let restart = read("restart", RestartPolicy.expected) { RestartPolicy($0) } ?? .no
        guard let node = node["deploy"]?["restart_policy"], node.mapping != nil else { return restart }
        var policy = deployment.isJob ? RestartPolicy.onFailure(limit: nil) : .always
        switch node["condition"]?.string {
        case "none": return .no
        case "on-failure": policy.condition = .onFailure
        case "any": policy.condition = .always
        case "", nil: break
        case .some(let text):
            refuse("condition", "none, on-failure or any", found: text, at: node["condition"]?.place)
        }
        policy.limit = node["max_attempts"]?.integer.flatMap { $0 > 0 ? Int(clamping: $0) : nil }
        policy.delay = duration(node["delay"])
        policy.window = duration(node["window"])
        return policy
    }

    mutating func readUpdatePolicy() -> UpdatePolicy {
        var policy = UpdatePolicy.standard
        guard let node = node["deploy"]?["update_config"], node.mapping != nil else { return policy }
        if let order = node["order"]?.string.flatMap(UpdatePolicy.Order.init) { policy.order = order }
        if let text = node["failure_action"]?.string, !text.isEmpty {
            if let action = UpdatePolicy.FailureAction(rawValue: text) {
                policy.failureAction = action
            } else {
                refuse("failure_action", "pause, continue or rollback", found: text, at: node["failure_action"]?.place)
            }
        }
        policy.parallelism = node["parallelism"]?.integer.flatMap { $0 > 0 ? Int(clamping: $0) : nil }
        if let delay = duration(node["delay"]) { policy.delay = delay }
        if let monitor = duration(node["monitor"]) { policy.monitor = monitor }
        return policy
    }

    private func duration(_ node: Node?) -> Duration? { node?.string.flatMap(DurationText.parse) }
}
