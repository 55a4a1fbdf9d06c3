internal import Linux

/// Decides whether and when what ended is started again, with Docker's numbers: 100 ms at first, doubled every time, at
/// most a minute, and from the beginning after a run of ten seconds.
struct RestartTracker: Hashable, Sendable {
    static let firstDelay = Duration.milliseconds(100)
    static let longestDelay = Duration.seconds(60)
    /// A run of this length counts as healthy.
    static let settledAfter = Duration.seconds(10)

    private let policy: RestartPolicy
    /// How often it has been started again so far.
    private(set) var restarts = 0
    private var delay = RestartTracker.firstDelay

    init(_ policy: RestartPolicy) {
        self.policy = policy
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
    /// - Parameter isSuccess: whether it ended with exit code 0.
    mutating func ended(isSuccess: Bool, after run: Duration) -> Verdict {
        switch policy {
        case .no:
            return .done
        case .onFailure where isSuccess:
            return .done
        case .onFailure(let limit?) where restarts >= limit:
            return .exhausted
        case .always, .unlessStopped, .onFailure:
            if run >= Self.settledAfter { delay = Self.firstDelay }
            defer { delay = min(delay * 2, Self.longestDelay) }
            restarts += 1
            return .restart(after: delay)
        }
    }
}
