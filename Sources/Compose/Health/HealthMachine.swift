internal import Linux

/// The health of one run of a service as a state machine: events in, actions out, time passed in. The rules are Docker's:
/// the first test after one interval, each further one an interval after the end of the last; as many failures in a row
/// as `retries` say make it unhealthy, one success healthy; failures of tests that began in the start period do not
/// count, unless one has succeeded.
struct HealthMachine: Hashable, Sendable {
    enum State: Hashable, Sendable {
        /// The service does not run.
        case stopped
        /// The timer runs until the next test.
        case waiting
        /// A test runs, and the timer until it is late.
        case probing(since: Instant)
        /// A test was late, and has been asked to be killed.
        case overdue(since: Instant)
        /// The service is frozen: nothing could run in it.
        case paused
    }

    /// A point on both clocks: one to reckon with, and one to show.
    struct Instant: Hashable, Sendable {
        let monotonic: MonotonicTime
        let wall: WallTime

        static var now: Instant { Instant(monotonic: .now, wall: .now) }
    }

    enum Event: Hashable, Sendable {
        /// The payload runs.
        case started
        /// The test exited with 0.
        case probeSucceeded(ProbeOutcome)
        /// The test exited with anything else, or could not be carried out.
        case probeFailed(ProbeOutcome)
        /// The test was killed; what it had said until then.
        case probeTimedOut([UInt8])
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
        case changed(HealthStatus)
    }

    private(set) var state = State.stopped
    private(set) var status = HealthStatus.none
    /// How many tests in a row have failed.
    private(set) var failingStreak = 0
    /// The last tests, the oldest first.
    private(set) var results: [ProbeResult] = []

    /// How many results are kept. As with Docker.
    static let resultLimit = 5

    private let check: HealthCheck
    private var startedAt = MonotonicTime(sinceBoot: .zero)

    init(_ check: HealthCheck) {
        self.check = check
    }
}

extension HealthMachine {
    /// Every pair of state and event stands here.
    mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch (state, event) {
        case (.stopped, .started):
            startedAt = now.monotonic
            failingStreak = 0
            results = []
            state = .waiting
            return [.arm(interval(at: now))] + change(to: .starting)
        case (.waiting, .started), (.probing, .started), (.overdue, .started), (.paused, .started):
            return []

        case (.waiting, .deadline):
            state = .probing(since: now)
            return [.startProbe, .arm(check.timeout)]
        case (.probing(let start), .deadline):
            state = .overdue(since: start)
            return [.killProbe]
        case (.stopped, .deadline), (.overdue, .deadline), (.paused, .deadline):
            return []

        case (.probing(let start), .probeSucceeded(let outcome)):
            return [.disarm] + succeeded(ProbeResult(start: start.wall, end: now.wall, outcome: outcome), at: now)
        case (.overdue(let start), .probeSucceeded(let outcome)):
            // It was over before it could be killed, and too late all the same.
            return timedOut(since: start, Array(outcome.output.utf8), at: now)
        case (.stopped, .probeSucceeded), (.waiting, .probeSucceeded), (.paused, .probeSucceeded):
            return []

        case (.probing(let start), .probeFailed(let outcome)):
            return [.disarm] + failed(start, outcome, at: now)
        case (.overdue(let start), .probeFailed(let outcome)):
            return timedOut(since: start, Array(outcome.output.utf8), at: now)
        case (.stopped, .probeFailed), (.waiting, .probeFailed), (.paused, .probeFailed):
            return []

        case (.overdue(let start), .probeTimedOut(let output)):
            return timedOut(since: start, output, at: now)
        case (.probing(let start), .probeTimedOut(let output)):
            return [.disarm] + timedOut(since: start, output, at: now)
        case (.stopped, .probeTimedOut), (.waiting, .probeTimedOut), (.paused, .probeTimedOut):
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
        case (.stopped, .paused), (.paused, .paused):
            return []

        case (.paused, .unpaused):
            state = .waiting
            return [.arm(interval(at: now))]
        case (.stopped, .unpaused), (.waiting, .unpaused), (.probing, .unpaused), (.overdue, .unpaused):
            return []

        case (.waiting, .stopped):
            state = .stopped
            return [.disarm] + change(to: .none)
        case (.probing, .stopped):
            state = .stopped
            return [.killProbe, .disarm] + change(to: .none)
        case (.overdue, .stopped), (.paused, .stopped):
            state = .stopped
            return change(to: .none)
        case (.stopped, .stopped):
            return []
        }
    }

    private mutating func succeeded(_ result: ProbeResult, at now: Instant) -> [Action] {
        keep(result)
        failingStreak = 0
        state = .waiting
        let changes = change(to: .healthy)
        return [.arm(interval(at: now))] + changes
    }

    private mutating func failed(_ start: Instant, _ outcome: ProbeOutcome, at now: Instant) -> [Action] {
        keep(ProbeResult(start: start.wall, end: now.wall, outcome: outcome))
        state = .waiting
        var changes: [Action] = []
        if !isInStartPeriod(start) {
            failingStreak += 1
            if failingStreak >= check.retries { changes = change(to: .unhealthy) }
        }
        return [.arm(interval(at: now))] + changes
    }

    private mutating func timedOut(since start: Instant, _ output: [UInt8], at now: Instant) -> [Action] {
        let message = "Health check exceeded timeout (\(DurationText.format(check.timeout)))"
        let text = output.isEmpty ? Array(message.utf8) : Array("\(message): ".utf8) + output
        return failed(start, ProbeOutcome(exitCode: ProbeOutcome.none, output: text), at: now)
    }

    /// Whether failures do not count yet.
    private func isInStartPeriod(_ time: Instant) -> Bool {
        status == .starting && time.monotonic - startedAt < check.startPeriod
    }

    private func interval(at now: Instant) -> Duration {
        let isStarting = status != .healthy && status != .unhealthy && now.monotonic - startedAt < check.startPeriod
        return isStarting ? check.startInterval : check.interval
    }

    private mutating func keep(_ result: ProbeResult) {
        results.append(result)
        if results.count > Self.resultLimit { results.removeFirst() }
    }

    private mutating func change(to new: HealthStatus) -> [Action] {
        guard status != new else { return [] }
        status = new
        return [.changed(new)]
    }
}

extension HealthMachine {
    /// Goes on where the machine of another supervisor was, for a service that has run on meanwhile. The next test comes
    /// at once: nobody has looked for a while.
    ///
    /// - Returns: what to do first.
    mutating func resume(_ status: HealthStatus, failingStreak: Int, startedAt: MonotonicTime) -> [Action] {
        guard status != .none else { return [] }
        self.status = status
        self.failingStreak = failingStreak
        self.startedAt = startedAt
        state = .waiting
        return [.arm(.zero)]
    }
}
