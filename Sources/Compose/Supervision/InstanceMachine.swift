internal import Linux

/// The life of one instance as a state machine: events in, actions out, time passed in. What is wanted is kept apart from
/// what is.
struct InstanceMachine: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// Not running, and nothing is to happen by itself.
        case down
        /// Being set up; also while its `post_start` hooks run.
        case starting
        /// The payload runs.
        case up(since: MonotonicTime)
        /// Its `pre_stop` hooks run.
        case preparingStop
        /// Asked to stop; killed once the time is over.
        case stopping
        /// Ended, and to be started again then.
        case backingOff(until: MonotonicTime)
        /// Ended for good; nil where nobody saw how.
        case finished(ExitStatus?)
        /// Never ran, or ran too often.
        case failed(String)
    }

    enum Event: Hashable, Sendable {
        case wantUp
        /// Within that time, or the service's own where it is nil.
        case wantDown(within: Duration?)
        /// Stop it, then start it again, whatever its policy says.
        case wantRestart(within: Duration?)
        /// The payload runs.
        case started
        /// What it needs has failed, so that it cannot be started.
        case dependencyFailed(String)
        /// The container could not be set up.
        case startFailed(String)
        /// Nil where nobody saw how.
        case exited(ExitStatus?)
        /// It runs, and is no use: its policy says to start it again.
        case unhealthy
        /// The `pre_stop` hooks have ended.
        case prepared
        /// The timer last armed has run out.
        case deadline
    }

    enum Action: Hashable, Sendable {
        case spawn
        case runPreStopHooks
        case sendStopSignal
        case kill
        case arm(Duration)
        case disarm
    }

    /// What of a service decides about its life.
    struct Rules: Hashable, Sendable {
        var restart: RestartPolicy
        var stopGracePeriod: Duration
        var hasPreStopHooks = false
        var hasPostStartHooks = false
    }

    var state = State.down
    var isWantedUp = false
    var restarts: RestartTracker
    /// How the last run ended; nil where it has not, or nobody saw how.
    var lastExit: ExitStatus?
    /// Whether it has ever run.
    var hasRun = false
    let rules: Rules
    var startedAt = MonotonicTime(sinceBoot: .zero)
    /// How long it has to stop, where whoever asked for it said so.
    var stopsWithin: Duration?
    /// Whether it is stopped only to be started again, as its health demands.
    var isRestartForced = false

    init(_ rules: Rules) {
        self.rules = rules
        restarts = RestartTracker(rules.restart)
    }
}

extension InstanceMachine {
    /// Whether a process of it may exist.
    var isAlive: Bool {
        switch state {
        case .starting, .up, .preparingStop, .stopping: true
        case .down, .backingOff, .finished, .failed: false
        }
    }

    /// Whether it is on its way up or down.
    var isInTransition: Bool {
        switch state {
        case .starting, .preparingStop, .stopping: true
        case .up, .down, .backingOff, .finished, .failed: false
        }
    }

    /// Whether nothing of it runs or will run by itself.
    var isOver: Bool {
        switch state {
        case .down, .finished, .failed: true
        case .starting, .up, .preparingStop, .stopping, .backingOff: false
        }
    }

    var isUp: Bool {
        if case .up = state { return true }
        return false
    }

    /// Whether it is on its way down.
    var isGoingDown: Bool {
        switch state {
        case .preparingStop, .stopping: true
        case .up, .down, .starting, .backingOff, .finished, .failed: false
        }
    }
}
