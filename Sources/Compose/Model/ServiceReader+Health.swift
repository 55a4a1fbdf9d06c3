internal import Linux

/// What a service says about its health.
extension ServiceReader {
    mutating func readHealth() -> ServiceHealth {
        let health = ServiceHealth(
            check: readHealthCheck(), readiness: readReadiness(),
            onUnhealthy: node["on_unhealthy"]?.string.flatMap(UnhealthyPolicy.init) ?? .none)
        if health.onUnhealthy != .none, !Self.isChecked(node), let entry = node.mapping?.entry("on_unhealthy") {
            problems.error(
                "service \"\(name)\" has no health check that could find it unhealthy; add \"healthcheck: {test: …}\"",
                at: entry.key, notes: entry.value.notes)
        }
        return health
    }

    /// Whether anything can find the service healthy: a condition that waits for that would wait forever otherwise.
    static func hasHealth(_ service: Node) -> Bool { isChecked(service) || service["ready"].map { !$0.isNull } == true }

    private static func isChecked(_ service: Node) -> Bool {
        guard let check = service["healthcheck"], check["disable"]?.boolean != true else { return false }
        // What is broken has been told already.
        guard !check.isInvalid, let test = check["test"], !test.isInvalid else { return true }
        return test.items?.first?.string != "NONE"
    }

    /// A condition of `depends_on` that this service, which is `other`, could never fulfil.
    mutating func checkCondition(_ condition: Dependency.Condition, of other: String, at place: SourceRange) {
        guard condition == .healthy, let service = services[other], !Self.hasHealth(service) else { return }
        problems.error(
            "service \"\(name)\" waits for \"\(other)\" to be healthy, which has neither \"healthcheck\" nor "
                + "\"x-gocker: {ready: …}\"; add one of them, or wait for service_started",
            at: place)
    }
}

// MARK: healthcheck

extension ServiceReader {
    private mutating func readHealthCheck() -> HealthCheck? {
        guard let check = node["healthcheck"], !check.isInvalid, Self.isChecked(node) else { return nil }
        guard let command = readTest(check) else { return nil }
        let startInterval = readTime("start_interval", of: check, "healthcheck")
        if startInterval != nil, check["start_period"] == nil, let interval = check["start_interval"] {
            problems.error(
                "the health check of service \"\(name)\" has a start_interval, which counts within the start_period: "
                    + "add \"start_period: …\", or leave it out", at: interval.place)
        }
        return HealthCheck(
            command: command,
            interval: readTime("interval", of: check, "healthcheck") ?? .seconds(30),
            timeout: readTime("timeout", of: check, "healthcheck") ?? .seconds(30),
            retries: readRetries(check),
            startPeriod: readTime("start_period", of: check, "healthcheck") ?? .zero,
            startInterval: startInterval ?? .seconds(5))
    }

    private mutating func readTest(_ check: Node) -> [String]? {
        guard let test = check["test"] else {
            problems.error(
                "the health check of service \"\(name)\" has nothing to run; add \"test: [CMD, …]\"", at: check.place)
            return nil
        }
        guard let words = test.items?.compactMap(\.string), let kind = words.first else {
            if !test.isInvalid {
                problems.error(
                    "the test of service \"\(name)\" is empty; write \"test: [CMD, …]\", or NONE for no test",
                    at: test.place)
            }
            return nil
        }
        let arguments = Array(words.dropFirst())
        if arguments.first?.isEmpty != false, ["CMD", "CMD-SHELL"].contains(kind) {
            problems.error("the test of service \"\(name)\" has no command behind \(kind)", at: test.place)
            return nil
        }
        // Where it is none of the three that has been told already.
        return kind == "CMD-SHELL" ? ["/bin/sh", "-c"] + arguments : kind == "CMD" ? arguments : nil
    }

    /// A time of at least a millisecond. None at all stands for the default, as with the Compose tools.
    mutating func readTime(_ key: String, of table: Node, _ tableName: String) -> Duration? {
        guard let node = table[key], let time = node.string.flatMap(DurationText.parse), time != .zero else {
            return nil
        }
        if time >= .milliseconds(1) { return time }
        problems.error(
            "expected at least 1ms for \"\(key)\" in \"\(tableName)\" of service \"\(name)\", "
                + "found \"\(node.string ?? "")\"", at: node.place, notes: node.notes)
        return nil
    }

    private mutating func readRetries(_ check: Node) -> Int {
        guard let node = check["retries"], let retries = node.integer, retries != 0 else { return 3 }
        if let number = Int(exactly: retries), number > 0 { return number }
        problems.error(
            "expected a whole number above 0 for \"retries\" in \"healthcheck\" of service \"\(name)\", "
                + "found \"\(retries)\"", at: node.place, notes: node.notes)
        return 3
    }
}
