internal import Linux

/// Whether one run of a service is ready, as a state machine: events in, actions out. It becomes so once, and stays so
/// until the run ends.
struct ReadinessMachine: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// The service does not run.
        case stopped
        /// It will say so by itself.
        case listening
        /// The timer runs until the next attempt, which is followed by another one after so long.
        case waiting(then: Duration)
        /// An attempt is under way, and the timer runs until it is late.
        case probing(then: Duration)
        /// An attempt was late, and has been asked to be given up.
        case overdue(then: Duration)
        /// The service is frozen: it would not answer.
        case paused
        case ready
    }

    enum Event: Hashable, Sendable {
        /// The payload runs.
        case started
        case probeSucceeded
        /// Why it is not ready.
        case probeFailed(String)
        case probeTimedOut
        /// The service has said so: by a message, or by a line of its log.
        case announced
        case paused
        case unpaused
        /// The service has ended, or is about to.
        case stopped
        /// The timer last armed has run out.
        case deadline
    }

    enum Action: Hashable, Sendable {
        case startProbe
        case killProbe
        case arm(Duration)
        case disarm
        case ready
    }

    private(set) var state = State.stopped
    /// Why the last attempt failed, for people who wait; nil where there was none.
    private(set) var lastFailure: String?

    /// The first attempt comes after this, and each further one half as late again as the one before it: what is found
    /// out too late is at most half of what it took to become ready.
    static let firstDelay = Duration.milliseconds(10)
    static let longestDelay = Duration.seconds(1)

    private let readiness: Readiness

    init(_ readiness: Readiness) {
        self.readiness = readiness
    }
}

extension ReadinessMachine {
    /// Every pair of state and event stands here.
    mutating func handle(_ event: Event) -> [Action] {
        switch (state, event) {
        case (.stopped, .started):
            lastFailure = nil
            return begin()
        case (.listening, .started), (.waiting, .started), (.probing, .started), (.overdue, .started),
            (.paused, .started), (.ready, .started):
            return []

        case (.waiting(let next), .deadline):
            state = .probing(then: next)
            return [.startProbe, .arm(readiness.timeout)]
        case (.probing(let next), .deadline):
            state = .overdue(then: next)
            return [.killProbe]
        case (.stopped, .deadline), (.listening, .deadline), (.overdue, .deadline), (.paused, .deadline),
            (.ready, .deadline):
            return []

        case (.probing, .probeSucceeded):
            state = .ready
            return [.disarm, .ready]
        case (.stopped, .probeSucceeded), (.listening, .probeSucceeded), (.waiting, .probeSucceeded),
            (.overdue, .probeSucceeded), (.paused, .probeSucceeded), (.ready, .probeSucceeded):
            return []

        case (.probing(let next), .probeFailed(let reason)):
            lastFailure = reason
            return [.disarm] + wait(next)
        case (.stopped, .probeFailed), (.listening, .probeFailed), (.waiting, .probeFailed), (.overdue, .probeFailed),
            (.paused, .probeFailed), (.ready, .probeFailed):
            return []

        case (.overdue(let next), .probeTimedOut):
            return timedOut(next)
        case (.probing(let next), .probeTimedOut):
            return [.disarm] + timedOut(next)
        case (.stopped, .probeTimedOut), (.listening, .probeTimedOut), (.waiting, .probeTimedOut),
            (.paused, .probeTimedOut), (.ready, .probeTimedOut):
            return []

        case (.listening, .announced):
            state = .ready
            return [.ready]
        case (.stopped, .announced), (.waiting, .announced), (.probing, .announced), (.overdue, .announced),
            (.paused, .announced), (.ready, .announced):
            return []

        case (.waiting, .paused):
            state = .paused
            return [.disarm]
        case (.probing, .paused):
            state = .paused
            return [.killProbe, .disarm]
        case (.overdue, .paused):
            state = .paused
            return []
        case (.stopped, .paused), (.listening, .paused), (.paused, .paused), (.ready, .paused):
            return []

        case (.paused, .unpaused):
            return begin()
        case (.stopped, .unpaused), (.listening, .unpaused), (.waiting, .unpaused), (.probing, .unpaused),
            (.overdue, .unpaused), (.ready, .unpaused):
            return []

        case (.waiting, .stopped):
            state = .stopped
            return [.disarm]
        case (.probing, .stopped):
            state = .stopped
            return [.killProbe, .disarm]
        case (.listening, .stopped), (.overdue, .stopped), (.paused, .stopped), (.ready, .stopped):
            state = .stopped
            return []
        case (.stopped, .stopped):
            return []
        }
    }

    private mutating func begin() -> [Action] {
        guard readiness.sign.isLookedFor else {
            state = .listening
            return []
        }
        return wait(readiness.interval ?? Self.firstDelay)
    }

    private mutating func timedOut(_ next: Duration) -> [Action] {
        lastFailure = "no answer within \(DurationText.format(readiness.timeout))"
        return wait(next)
    }

    private mutating func wait(_ delay: Duration) -> [Action] {
        state = .waiting(then: readiness.interval ?? min(delay * 3 / 2, Self.longestDelay))
        return [.arm(delay)]
    }

    /// Goes on with a service that has become ready under another supervisor.
    mutating func resumeReady() { state = .ready }
}

extension Readiness.Sign {
    /// Whether somebody has to look; otherwise the service says so.
    var isLookedFor: Bool {
        switch self {
        case .tcp, .http, .unix, .file: true
        case .log, .notify: false
        }
    }
}
