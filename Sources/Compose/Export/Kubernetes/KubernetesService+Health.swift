internal import JSON
internal import Linux

/// How it is found out whether it works, and what is run at the turns of its life.
extension KubernetesService {
    /// How often a probe fails whose failure has no consequence: as often as can be said.
    private static let neverGivesUp = Int64(Int32.max)

    /// The probes of a container that is run again and again, by their names there.
    mutating func probes() -> JSONValue {
        let health = read { $0.readHealth() }
        if health.onUnhealthy == .stop {
            refuse("on_unhealthy", "an unhealthy container is restarted, or left alone", at: place("on_unhealthy"))
        }
        let restarts = health.onUnhealthy == .restart
        let ready = health.readiness.flatMap { readiness in sign(readiness).map { (readiness, $0) } }
        guard let check = health.check else {
            return .fields(["readinessProbe": ready.map { ready in probe(of: ready.0, ready.1, failures: 3) }])
        }
        // As long as a service has from its start until it counts as unhealthy for the first time.
        let patience = check.startPeriod + check.interval * check.retries
        let failures = { (period: Int64) in restarts ? Self.seconds(patience) / period + 1 : Self.neverGivesUp }
        let action: JSONValue = ["exec": ["command": .texts(check.command.map(Self.escaped)) ?? .array([])]]
        let interval = whole(check.interval, "interval", of: "healthcheck")
        let timeout = whole(check.timeout, "timeout", of: "healthcheck")
        var startup: JSONValue?
        if let (readiness, sign) = ready {
            startup = probe(of: readiness, sign, failures: failures(period(of: readiness)))
        } else if check.startPeriod > .zero {
            let period = whole(check.startInterval, "start_interval", of: "healthcheck")
            startup = Self.probe(action, period: period, timeout: timeout, failures: failures(period))
        }
        let test = Self.probe(action, period: interval, timeout: timeout, failures: Int64(check.retries))
        return .fields([
            "startupProbe": startup, "readinessProbe": test,
            "livenessProbe": restarts
                ? test.adding(["initialDelaySeconds": startup == nil ? .integer(interval) : nil]) : nil,
        ])
    }

    private mutating func sign(_ readiness: Readiness) -> JSONValue? {
        switch readiness.sign {
        case .tcp(let endpoint):
            checkAddress(endpoint)
            return ["tcpSocket": ["port": .integer(Int64(endpoint.port))]]
        case .http(let target):
            checkAddress(target.endpoint)
            return ["httpGet": ["port": .integer(Int64(target.endpoint.port)), "path": .string(target.path)]]
        case .unix, .file, .log, .notify:
            refuse("ready", "it asks by tcp or http, or runs a \"healthcheck\"")
            return nil
        }
    }

    /// The kubelet asks from outside, at the pod's own address.
    private mutating func checkAddress(_ endpoint: Endpoint) {
        guard !["127.0.0.1", "0.0.0.0", "::"].contains(endpoint.address) else { return }
        warn("Kubernetes asks at the address of the pod, not at \(endpoint.address)", at: place("ready"))
    }

    private mutating func period(of readiness: Readiness) -> Int64 {
        readiness.interval.map { whole($0, "interval", of: "ready") } ?? 1
    }

    private mutating func probe(of readiness: Readiness, _ action: JSONValue, failures: Int64) -> JSONValue {
        let period = period(of: readiness)
        return Self.probe(
            action, period: period, timeout: whole(readiness.timeout, "timeout", of: "ready"), failures: failures)
    }

    private static func probe(_ action: JSONValue, period: Int64, timeout: Int64, failures: Int64) -> JSONValue {
        action.adding([
            "periodSeconds": .integer(period), "timeoutSeconds": .integer(timeout),
            "failureThreshold": .integer(min(failures, neverGivesUp)),
        ])
    }

    static func seconds(_ duration: Duration) -> Int64 {
        let (seconds, fraction) = duration.components
        return max(1, fraction > 0 ? seconds + 1 : seconds)
    }

    /// A time in whole seconds, which are all that Kubernetes counts.
    private mutating func whole(_ duration: Duration, _ key: String, of table: String) -> Int64 {
        let seconds = Self.seconds(duration)
        if duration != .seconds(seconds), let node = node[table]?[key] {
            warn(
                "Kubernetes counts whole seconds: \(DurationText.format(duration)) becomes \(seconds)s", at: node.place)
        }
        return seconds
    }
}

// MARK: Hooks and the end

extension KubernetesService {
    mutating func lifecycle() -> JSONValue? {
        let hooks = read { $0.readHooks() }
        return JSONValue.fields([
            "postStart": handler(hooks.postStart, "post_start"), "preStop": handler(hooks.preStop, "pre_stop"),
            "stopSignal": stopSignal.map { .string($0) },
        ]).orNil
    }

    private mutating func handler(_ hooks: [ServiceHook], _ key: String) -> JSONValue? {
        guard let hook = hooks.first else { return nil }
        let items = node[key]?.items ?? []
        if hooks.count > 1 {
            refuse(key, "it runs one command; make one of them all", at: items[1].place)
            return nil
        }
        let further = items[0].mapping?.first { name, entry in
            ["user", "privileged", "working_dir", "environment"].contains(name) && !entry.value.isUnset
        }
        if let further {
            refuse(
                key, "its hooks run as the service does; leave \"\(further.key)\" to the command", at: further.value.key
            )
            return nil
        }
        return ["exec": ["command": .texts(hook.command) ?? .array([])]]
    }

    /// Nil for the usual one.
    var stopSignal: String? {
        guard let text = text("stop_signal"), let signal = Signal(text), signal != .terminate else { return nil }
        return "\(signal)"
    }

    mutating func checkStopSignal() {
        _ = read { $0.read("stop_signal", "a signal such as SIGTERM") { Signal($0) } }
        guard let stopSignal else { return }
        warn(
            "Kubernetes sends \(stopSignal) only where it is 1.33 or newer and its feature ContainerStopSignals is on, "
                + "SIGTERM otherwise", at: place("stop_signal"))
    }

    var gracePeriod: Int64 {
        // None at all is 0 there, too: it is killed at once.
        let period = text("stop_grace_period").flatMap(DurationText.parse) ?? .seconds(10)
        return period == .zero ? 0 : Self.seconds(period)
    }
}
