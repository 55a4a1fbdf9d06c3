internal import CLinux

extension WallTime {
    /// Reads a date, or a date and a time, as RFC 3339 has them: `2026-11-23`, `2026-11-23T22:20`,
    /// `2026-11-23 22:20:00.5`, `2026-11-23T22:20:00+01:00`. Without a zone it is local time.
    ///
    /// Returns nil for anything else, for days that are in no calendar and for times beyond the years 1678 to 2261.
    public init?(calendar text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        var date = tm()
        guard let year = Self.number(&rest, 4), Self.take(&rest, "-"), let month = Self.number(&rest, 2),
            Self.take(&rest, "-"), let day = Self.number(&rest, 2)
        else { return nil }
        (date.tm_year, date.tm_mon, date.tm_mday) = (year - 1900, month - 1, day)
        var nanoseconds: Int64 = 0
        var zone: Int64?
        if !rest.isEmpty {
            guard Self.take(&rest, "T") || Self.take(&rest, "t") || Self.take(&rest, " "),
                let hour = Self.number(&rest, 2), Self.take(&rest, ":"), let minute = Self.number(&rest, 2)
            else { return nil }
            (date.tm_hour, date.tm_min) = (hour, minute)
            if Self.take(&rest, ":") {
                guard let second = Self.number(&rest, 2) else { return nil }
                date.tm_sec = second
                if Self.take(&rest, ".") {
                    guard let fraction = Self.fraction(&rest) else { return nil }
                    nanoseconds = fraction
                }
            }
            guard let offset = Self.zone(&rest) else { return nil }
            zone = offset.isLocal ? nil : offset.seconds
        }
        guard rest.isEmpty else { return nil }
        let asWritten = date
        date.tm_isdst = -1
        let seconds = zone == nil ? Int64(mktime(&date)) : Int64(timegm(&date)) - (zone ?? 0)
        // The 30th of February would have become the 2nd of March.
        guard date.tm_mon == asWritten.tm_mon, date.tm_mday == asWritten.tm_mday else { return nil }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowAgain) = whole.addingReportingOverflow(nanoseconds)
        guard !overflow, !overflowAgain else { return nil }
        self.init(nanosecondsSinceEpoch: sum)
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, _ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Exactly `count` digits.
    private static func number(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> CInt? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + CInt($1 - 0x30) }
    }

    /// The digits behind a decimal point, as nanoseconds; finer ones are left out.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        let nine = Array(digits.prefix(9)) + Array(repeating: 0x30, count: max(0, 9 - digits.count))
        return nine.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func zone(_ rest: inout ArraySlice<UInt8>) -> (isLocal: Bool, seconds: Int64)? {
        if rest.isEmpty { return (true, 0) }
        if take(&rest, "Z") || take(&rest, "z") { return (false, 0) }
        let isWest = take(&rest, "-")
        guard isWest || take(&rest, "+"), let hours = number(&rest, 2) else { return nil }
        _ = take(&rest, ":")
        guard let minutes = number(&rest, 2), hours < 24, minutes < 60 else { return nil }
        let seconds = Int64(hours) * 3600 + Int64(minutes) * 60
        return (false, isWest ? -seconds : seconds)
    }
}
