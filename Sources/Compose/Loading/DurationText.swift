/// Durations as the Compose Specification writes them: numbers with units from nanoseconds to weeks, `1m30s`.
enum DurationText {
    private static let second: Int128 = 1_000_000_000

    private static let units: [(name: String, nanoseconds: Int128)] = [
        ("w", 7 * 24 * 3600 * second), ("d", 24 * 3600 * second), ("h", 3600 * second), ("m", 60 * second),
        ("s", second), ("ms", second / 1_000), ("us", second / 1_000_000), ("µs", second / 1_000_000),
        ("μs", second / 1_000_000), ("ns", 1),
    ]

    /// Reads a duration; nil for anything else, and for durations beyond 292 years.
    static func parse(_ text: String) -> Duration? {
        var rest = text[...]
        let negative = rest.first == "-"
        if let sign = rest.first, sign == "-" || sign == "+" { rest.removeFirst() }
        if rest == "0" { return .zero }
        guard !rest.isEmpty else { return nil }

        var total: Int128 = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            rest = rest.dropFirst(unit.count)
            guard let scale = units.first(where: { $0.name == unit }), let part = scaled(number, by: scale.nanoseconds)
            else { return nil }
            total += part
            guard total <= Int128(Int64.max) else { return nil }
        }
        return .nanoseconds(Int64(negative ? -total : total))
    }

    /// The product of decimal digits, exactly, as far as nanoseconds go.
    private static func scaled(_ number: Substring, by unit: Int128) -> Int128? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, number.contains(where: \.isNumber), number.count <= 32 else { return nil }
        guard let whole = parts[0].isEmpty ? 0 : Int128(parts[0]), whole <= Int128(Int64.max) else { return nil }
        var nanoseconds = whole * unit
        var place = unit
        for digit in parts.count > 1 ? parts[1] : "" {
            place /= 10
            nanoseconds += Int128(digit.wholeNumberValue ?? 0) * place
        }
        return nanoseconds
    }

    /// The canonical text: hours, minutes and seconds from the largest that is needed, one smaller unit below a second.
    static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let total = Int128(seconds) * second + Int128(attoseconds / 1_000_000_000)
        let sign = total < 0 ? "-" : ""
        let nanoseconds = abs(total)
        if nanoseconds == 0 { return "0s" }
        if nanoseconds < second {
            let small = [("ms", second / 1_000), ("µs", second / 1_000_000), ("ns", 1)]
            for (name, unit) in small where nanoseconds >= unit {
                return sign + decimal(nanoseconds, unit) + name
            }
        }
        let (hours, rest) = nanoseconds.quotientAndRemainder(dividingBy: 3600 * second)
        let (minutes, part) = rest.quotientAndRemainder(dividingBy: 60 * second)
        var text = sign
        if hours > 0 { text += "\(hours)h" }
        if hours > 0 || minutes > 0 { text += "\(minutes)m" }
        return text + decimal(part, second) + "s"
    }

    private static func decimal(_ value: Int128, _ unit: Int128) -> String {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
        guard rest > 0 else { return String(whole) }
        var digits = String(rest + unit).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
