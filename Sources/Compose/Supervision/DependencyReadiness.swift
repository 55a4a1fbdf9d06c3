internal import Linux

/// How far something is that others wait for.
enum DependencyReadiness: Hashable, Sendable {
    case ready
    case waiting
    /// It will not get there by itself; a sentence says why.
    case hopeless(String)

    init(
        _ condition: Dependency.Condition, of instance: InstanceName, in state: InstanceMachine.State,
        health: HealthStatus, healsItself: Bool
    ) {
        if case .failed = state {
            self = .hopeless("\(instance), which it depends on, failed")
            return
        }
        switch condition {
        case .started: self = Self.started(state)
        case .completed: self = Self.completed(state, instance)
        case .healthy: self = Self.healthy(state, health, healsItself, instance)
        }
    }

    private static func started(_ state: InstanceMachine.State) -> Self {
        switch state {
        case .up, .finished, .backingOff: .ready
        case .down, .starting, .preparingStop, .stopping, .failed: .waiting
        }
    }

    private static func completed(_ state: InstanceMachine.State, _ instance: InstanceName) -> Self {
        switch state {
        case .finished(.exited(0)?): .ready
        case .finished(let status):
            .hopeless(
                "\(instance), which it depends on, did not complete: \(status.map { "\($0)" } ?? "its end was not seen")"
            )
        case .down, .starting, .up, .preparingStop, .stopping, .backingOff, .failed: .waiting
        }
    }

    private static func healthy(
        _ state: InstanceMachine.State, _ health: HealthStatus, _ healsItself: Bool, _ instance: InstanceName
    ) -> Self {
        switch state {
        case .up:
            switch health {
            case .none, .healthy: .ready
            case .starting: .waiting
            case .unhealthy: healsItself ? .waiting : .hopeless("\(instance), which it depends on, is unhealthy")
            }
        case .finished(let status):
            .hopeless("\(instance), which it depends on, ended: \(status.map { "\($0)" } ?? "how was not seen")")
        case .down, .starting, .preparingStop, .stopping, .backingOff, .failed: .waiting
        }
    }

    /// What holds of both: a hopeless one outweighs one that is waited for, and that a ready one.
    func joined(with other: Self) -> Self {
        switch (self, other) {
        case (.hopeless, _): self
        case (_, .hopeless): other
        case (.waiting, _): self
        case (.ready, _): other
        }
    }
}
