internal import CLinux

/// A point on a clock that counts on while the machine sleeps and is never set. See clock_gettime(2), CLOCK_BOOTTIME.
public struct MonotonicTime: Hashable, Comparable, Sendable {
    /// Since the machine started.
    public let sinceBoot: Duration

    public init(sinceBoot: Duration) {
        self.sinceBoot = sinceBoot
    }

    public static var now: MonotonicTime {
        var time = timespec()
        _ = clock_gettime(CLOCK_BOOTTIME, &time)
        return MonotonicTime(sinceBoot: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    /// Nanoseconds since the machine started, for another process of the same binary.
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = sinceBoot.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    public init(nanoseconds: Int64) {
        self.init(sinceBoot: .nanoseconds(nanoseconds))
    }

    public static func < (left: Self, right: Self) -> Bool { left.sinceBoot < right.sinceBoot }
    public static func + (time: Self, duration: Duration) -> Self { Self(sinceBoot: time.sinceBoot + duration) }
    public static func - (left: Self, right: Self) -> Duration { left.sinceBoot - right.sinceBoot }
}

/// A point in calendar time, for people and for logs. See clock_gettime(2), CLOCK_REALTIME.
public struct WallTime: Hashable, Comparable, Sendable {
    public let nanosecondsSinceEpoch: Int64

    public init(nanosecondsSinceEpoch: Int64) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
    }

    public static var now: WallTime {
        var time = timespec()
        _ = clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanosecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}

extension WallTime: CustomStringConvertible {
    /// RFC 3339 in UTC with nine digits, e.g. `2026-11-23T22:20:00.000000000Z`.
    public var description: String {
        var (seconds, nanoseconds) = nanosecondsSinceEpoch.quotientAndRemainder(dividingBy: 1_000_000_000)
        if nanoseconds < 0 { (seconds, nanoseconds) = (seconds - 1, nanoseconds + 1_000_000_000) }
        var time = time_t(seconds)
        var fields = tm()
        gmtime_r(&time, &fields)
        func padded(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(fields.tm_year + 1900, 4))-\(padded(fields.tm_mon + 1, 2))-\(padded(fields.tm_mday, 2))"
        let clock = "\(padded(fields.tm_hour, 2)):\(padded(fields.tm_min, 2)):\(padded(fields.tm_sec, 2))"
        return "\(date)T\(clock).\(padded(nanoseconds, 9))Z"
    }
}

extension WallTime {
    /// Reads what `description` writes; nil for any other form.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let form = Array("0000-00-00T00:00:00.000000000Z".utf8)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let isOfThisForm =
            bytes.count == form.count
            && form.indices.allSatisfy {
                digits.contains(form[$0]) ? digits.contains(bytes[$0]) : bytes[$0] == form[$0]
            }
        guard isOfThisForm else { return nil }
        func number(_ range: Range<Int>) -> CInt {
            bytes[range].reduce(0) { $0 * 10 + CInt($1 - digits.lowerBound) }
        }

        var date = tm()
        date.tm_year = number(0..<4) - 1900
        date.tm_mon = number(5..<7) - 1
        date.tm_mday = number(8..<10)
        date.tm_hour = number(11..<13)
        date.tm_min = number(14..<16)
        date.tm_sec = number(17..<19)
        let asWritten = date
        let seconds = Int64(timegm(&date))
        // The 30th of February would have become the 2nd of March.
        guard date.tm_mon == asWritten.tm_mon, date.tm_mday == asWritten.tm_mday, date.tm_hour == asWritten.tm_hour,
            date.tm_min == asWritten.tm_min, date.tm_sec == asWritten.tm_sec
        else { return nil }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowAgain) = whole.addingReportingOverflow(Int64(number(20..<29)))
        guard !overflow, !overflowAgain else { return nil }
        self.init(nanosecondsSinceEpoch: sum)
    }
}
