internal import Linux

/// The life of one instance as a state machine: events in, actions out, time passed in. What is wanted is kept apart from
/// what is.
struct InstanceMachine: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// Not running, and nothing is to happen by itself.
        case down
        /// Being set up.
        case starting
        /// The payload runs.
        case up(since: MonotonicTime)
        /// Asked to stop; killed once the time is over.
        case stopping
        /// Ended, and to be started again later.
        case backingOff
        /// Ended for good.
        case finished(ExitStatus)
        /// Never ran, or ran too often.
        case failed(String)
    }

    enum Event: Hashable, Sendable {
        case wantUp
        case wantDown
        /// The payload runs.
        case started
        /// What it needs has failed, so that it cannot be started.
        case dependencyFailed(String)
        /// The container could not be set up.
        case startFailed(String)
        case exited(ExitStatus)
        /// The timer last armed has run out.
        case deadline
    }

    enum Action: Hashable, Sendable {
        case spawn
        case sendStopSignal
        case kill
        case arm(Duration)
        case disarm
    }

    private(set) var state = State.down
    private(set) var isWantedUp = false
    private(set) var restarts: RestartTracker
    /// How the last run ended.
    private(set) var lastExit: ExitStatus?
    private let stopGracePeriod: Duration
    private var startedAt = MonotonicTime(sinceBoot: .zero)
    private var hasRun = false

    init(restart: RestartPolicy, stopGracePeriod: Duration) {
        restarts = RestartTracker(restart)
        self.stopGracePeriod = stopGracePeriod
    }
}

extension InstanceMachine {
    /// Every pair of state and event stands here.
    mutating func handle(_ event: Event, at now: MonotonicTime) -> [Action] {
        switch (state, event) {
        case (.down, .wantUp), (.finished, .wantUp), (.failed, .wantUp):
            isWantedUp = true
            return spawn(at: now)
        case (.starting, .wantUp), (.up, .wantUp), (.backingOff, .wantUp), (.stopping, .wantUp):
            // From stopping it is started again once it has stopped.
            isWantedUp = true
            return []

        case (.down, .wantDown), (.finished, .wantDown), (.failed, .wantDown):
            isWantedUp = false
            return []
        case (.starting, .wantDown), (.up, .wantDown):
            isWantedUp = false
            state = .stopping
            return [.sendStopSignal, .arm(stopGracePeriod)]
        case (.stopping, .wantDown):
            isWantedUp = false
            return []
        case (.backingOff, .wantDown):
            isWantedUp = false
            state = .down
            return [.disarm]

        case (.down, .dependencyFailed(let reason)), (.finished, .dependencyFailed(let reason)),
            (.failed, .dependencyFailed(let reason)):
            state = .failed(reason)
            return []
        case (.starting, .dependencyFailed), (.up, .dependencyFailed), (.stopping, .dependencyFailed),
            (.backingOff, .dependencyFailed):
            return []

        case (.starting, .started):
            state = .up(since: now)
            hasRun = true
            return []
        case (.stopping, .started):
            // The payload was not there yet to hear the first one.
            return [.sendStopSignal]
        case (.down, .started), (.up, .started), (.backingOff, .started), (.finished, .started), (.failed, .started):
            return []

        case (.starting, .startFailed(let reason)):
            guard hasRun else {
                state = .failed(reason)
                return []
            }
            return restart(isSuccess: false, at: now, otherwise: .failed(reason))
        case (.stopping, .startFailed):
            return [.disarm] + stopped(at: now)
        case (.down, .startFailed), (.up, .startFailed), (.backingOff, .startFailed), (.finished, .startFailed),
            (.failed, .startFailed):
            return []

        case (.starting, .exited(let status)), (.up, .exited(let status)):
            lastExit = status
            hasRun = true
            return restart(isSuccess: status.isSuccess, at: now, otherwise: .finished(status))
        case (.stopping, .exited(let status)):
            lastExit = status
            return [.disarm] + stopped(at: now)
        case (.down, .exited), (.backingOff, .exited), (.finished, .exited), (.failed, .exited):
            return []

        case (.stopping, .deadline):
            return [.kill]
        case (.backingOff, .deadline):
            return spawn(at: now)
        case (.down, .deadline), (.starting, .deadline), (.up, .deadline), (.finished, .deadline), (.failed, .deadline):
            return []
        }
    }

    private mutating func spawn(at now: MonotonicTime) -> [Action] {
        state = .starting
        startedAt = now
        return [.spawn]
    }

    private mutating func stopped(at now: MonotonicTime) -> [Action] {
        state = .down
        return isWantedUp ? spawn(at: now) : []
    }

    private mutating func restart(isSuccess: Bool, at now: MonotonicTime, otherwise end: State) -> [Action] {
        switch restarts.ended(isSuccess: isSuccess, after: now - startedAt) {
        case .restart(let delay):
            state = .backingOff
            return [.arm(delay)]
        case .done, .exhausted:
            state = end
            return []
        }
    }
}

extension InstanceMachine {
    /// Whether a process of it may exist.
    var isAlive: Bool {
        switch state {
        case .starting, .up, .stopping: true
        case .down, .backingOff, .finished, .failed: false
        }
    }

    /// Whether it is on its way up or down.
    var isInTransition: Bool {
        switch state {
        case .starting, .stopping: true
        case .up, .down, .backingOff, .finished, .failed: false
        }
    }

    /// Whether nothing of it runs or will run by itself.
    var isOver: Bool {
        switch state {
        case .down, .finished, .failed: true
        case .starting, .up, .stopping, .backingOff: false
        }
    }
}
