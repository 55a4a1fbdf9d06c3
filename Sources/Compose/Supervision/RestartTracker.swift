internal import Linux

/// Decides whether and when what ended is started again, with Docker's numbers: 100 ms at first, doubled every time, at
/// most a minute, and from the beginning after a run of ten seconds. A policy with a delay of its own always waits that.
struct RestartTracker: Hashable, Sendable {
    static let firstDelay = Duration.milliseconds(100)
    static let longestDelay = Duration.seconds(60)
    /// A run of this length counts as healthy.
    static let settledAfter = Duration.seconds(10)

    /// What outlives the supervisor.
    struct Memory: Hashable, Sendable {
        /// How often it has been started again so far.
        var restarts = 0
        /// How often in a row, which is what a limit counts.
        var attempts = 0
        var nextDelay = RestartTracker.firstDelay
    }

    private let policy: RestartPolicy
    private(set) var memory: Memory

    var restarts: Int { memory.restarts }

    init(_ policy: RestartPolicy, memory: Memory = Memory()) {
        self.policy = policy
        self.memory = memory
    }

    /// What follows the end of a run.
    enum Verdict: Hashable, Sendable {
        case restart(after: Duration)
        /// The policy does not want another run.
        case done
        /// The policy would, but has run out of attempts.
        case exhausted
    }

    /// Takes note of a run's end.
    ///
    /// - Parameters:
    ///   - isSuccess: whether it ended with exit code 0; nil where nobody knows, which counts as a failure.
    ///   - isForced: whether it is started again whatever its policy says of such an end.
    mutating func ended(isSuccess: Bool?, after run: Duration, isForced: Bool = false) -> Verdict {
        if let window = policy.window, run >= window { memory.attempts = 0 }
        switch policy.condition {
        case .no where !isForced: return .done
        case .onFailure where isSuccess == true && !isForced: return .done
        case .no, .onFailure, .always, .unlessStopped: break
        }
        if let limit = policy.limit, memory.attempts >= limit { return .exhausted }
        if run >= policy.window ?? Self.settledAfter { memory.nextDelay = Self.firstDelay }
        let delay = policy.delay ?? memory.nextDelay
        memory.nextDelay = min(memory.nextDelay * 2, Self.longestDelay)
        memory.restarts += 1
        memory.attempts += 1
        return .restart(after: delay)
    }

    /// Begins anew: somebody has asked for a start.
    mutating func forget() {
        memory.attempts = 0
        memory.nextDelay = Self.firstDelay
    }
}
