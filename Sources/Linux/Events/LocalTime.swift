internal import CLinux

/// A point in calendar time as the clock on the wall shows it, where the machine stands. See localtime(3).
public struct LocalTime: Hashable, Sendable {
    public let year: Int
    /// From 1.
    public let month: Int
    public let day: Int
    /// Of the year, from 0.
    public let dayOfYear: Int
    public let hour: Int
    public let minute: Int

    public init(_ time: WallTime) {
        var seconds = time_t(time.nanosecondsSinceEpoch / 1_000_000_000)
        var fields = tm()
        localtime_r(&seconds, &fields)
        year = Int(fields.tm_year) + 1900
        month = Int(fields.tm_mon) + 1
        day = Int(fields.tm_mday)
        dayOfYear = Int(fields.tm_yday)
        hour = Int(fields.tm_hour)
        minute = Int(fields.tm_min)
    }
}
