public import Linux

/// Points in time as people name them on a command line.
public enum TimeText {
    /// What can be read.
    public static let expected =
        "a time such as 2026-11-23T22:20:00Z, a date, seconds since 1970, or how long ago, such as 10m or 1h30m"

    /// Reads a date or a time of RFC 3339 (local where it has no zone), seconds since 1970 with or without a fraction, or
    /// a duration as Go has them, which is so long before `now`.
    public static func parse(_ text: String, now: WallTime) -> WallTime? {
        if let time = WallTime(calendar: text) { return time }
        if let time = seconds(text) { return time }
        guard let duration = DurationText.parse(text) else { return nil }
        let (whole, attoseconds) = duration.components
        let (product, overflow) = whole.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return nil }
        let (difference, overflowAgain) = now.nanosecondsSinceEpoch.subtractingReportingOverflow(
            product + attoseconds / 1_000_000_000)
        return overflowAgain ? nil : WallTime(nanosecondsSinceEpoch: difference)
    }

    /// Reads what the driver `json-file` and Docker write.
    static func rfc3339(_ text: String) -> WallTime? { WallTime(text) ?? WallTime(calendar: text) }

    private static func seconds(_ text: String) -> WallTime? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = Int64(first), first.first != "+" else { return nil }
        var nanoseconds: Int64 = 0
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let fraction = Int64(parts[1].prefix(9))
            else { return nil }
            nanoseconds = (digits.count..<9).reduce(fraction) { value, _ in value * 10 }
        }
        let (product, overflow) = whole.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowAgain) = product.addingReportingOverflow(nanoseconds)
        return overflow || overflowAgain ? nil : WallTime(nanosecondsSinceEpoch: sum)
    }
}
