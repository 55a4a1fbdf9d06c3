internal import Linux

/// How many there are, when they are started again, how they are replaced.
extension ServiceReader {
    /// The loader has put `scale` there too.
    func readReplicas() -> Int {
        guard let count = node["deploy"]?["replicas"]?.integer ?? node["scale"]?.integer else { return 1 }
        return Int(clamping: max(0, count))
    }

    /// `deploy.restart_policy` counts where there is one, as with the Compose tools.
    mutating func readRestartPolicy() -> RestartPolicy {
        let restart = read("restart", RestartPolicy.expected) { RestartPolicy($0) } ?? .no
        guard let node = node["deploy"]?["restart_policy"], node.mapping != nil else { return restart }
        var policy = RestartPolicy.always
        switch node["condition"]?.string {
        case "none": return .no
        case "on-failure": policy.condition = .onFailure
        case "any", "", nil: break
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
