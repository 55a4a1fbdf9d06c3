internal import CLinux

extension WallTime {
    /// Local time as RFC 3164 has it, e.g. `Nov  3 22:20:00`.
    public var syslogDate: String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var time = time_t(nanosecondsSinceEpoch / 1_000_000_000)
        var fields = tm()
        localtime_r(&time, &fields)
        func padded(_ number: CInt, _ filler: String) -> String { number < 10 ? "\(filler)\(number)" : "\(number)" }
        let clock = [fields.tm_hour, fields.tm_min, fields.tm_sec].map { padded($0, "0") }.joined(separator: ":")
        return "\(months[Int(fields.tm_mon) % 12]) \(padded(fields.tm_mday, " ")) \(clock)"
    }
}
