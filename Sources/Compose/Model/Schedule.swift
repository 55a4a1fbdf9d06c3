/// When a service is run by itself: `schedule`.
public struct Schedule: Hashable, Sendable {
    /// What happens about a time that passed while nobody supervised the stack.
    public enum Missed: String, Hashable, Sendable, CaseIterable {
        /// It is run once, as soon as possible.
        case run

        /// Nothing.
        case skip
    }

    public let cron: CronExpression

    /// The name of a time zone such as `Europe/Berlin`; nil for the one of the machine.
    public let timeZone: String?

    public let missed: Missed

    public init(_ cron: CronExpression, timeZone: String? = nil, missed: Missed = .skip) {
        self.cron = cron
        self.timeZone = timeZone
        self.missed = missed
    }
}
