public import Linux

/// Decides when a scheduled service is run. Pure: the caller waits, and tells what time it is.
public struct ScheduleTimetable: Hashable, Sendable {
    private let schedule: Schedule
    private let zone: TimeZoneRules
    /// When it is to be run next; nil where it never is again.
    public private(set) var next: WallTime?

    /// - Parameters:
    ///   - last: the last time that was seen, by this supervisor or one before it; nil where there was none. Keep
    ///     `seen` for it.
    ///   - now: the present.
    public init(_ schedule: Schedule, zone: TimeZoneRules, last: WallTime?, now: WallTime) {
        self.schedule = schedule
        self.zone = zone
        seen = last ?? now
        guard let last, last < now else {
            next = schedule.cron.next(after: seen, in: zone)
            return
        }
        next = schedule.cron.next(after: last, in: zone)
        if schedule.missed == .skip { skipPast(now) }
    }

    /// Until when all times have been dealt with: to be written down, for the supervisor that comes after.
    public private(set) var seen: WallTime

    /// Takes note of the present.
    ///
    /// - Returns: whether the service is to be run now. Several times that have passed meanwhile count as one.
    public mutating func isDue(at now: WallTime) -> Bool {
        guard let next, next <= now else { return false }
        seen = next
        skipPast(now)
        return true
    }

    private mutating func skipPast(_ now: WallTime) {
        while let time = next, time <= now {
            seen = time
            // A distance that is much shorter than the time that has passed would be a long walk.
            let isFar = now.nanosecondsSinceEpoch - time.nanosecondsSinceEpoch > 86_400_000_000_000
            next = schedule.cron.next(after: isFar ? now : time, in: zone)
        }
    }
}
