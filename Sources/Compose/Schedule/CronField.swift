/// The values that one field of a schedule lets pass.
struct CronField: Hashable, Sendable {
    /// What a field is about.
    struct Kind: Sendable {
        let name: String
        let range: ClosedRange<Int>

        /// What may be written in place of numbers, the first of them for `firstNamed`.
        var names: [String] = []
        var firstNamed = 0

        /// Whether the last value is the first one again.
        var isCircular = false

        /// The last value that is no other one.
        var last: Int { isCircular ? range.upperBound - 1 : range.upperBound }

        static let minute = Kind(name: "minute", range: 0...59)
        static let hour = Kind(name: "hour", range: 0...23)
        static let day = Kind(name: "day of the month", range: 1...31)
        static let month = Kind(
            name: "month", range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], firstNamed: 1)
        /// 7 is Sunday, as 0 is.
        static let weekday = Kind(
            name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
            isCircular: true)
    }

    /// A bit for each value.
    private(set) var bits: UInt64 = 0

    /// Whether it begins with `*`: then it restricts nothing by itself. See crontab(5), on the two fields for days.
    private(set) var isStarred = false

    /// Reads a list of values, ranges and steps: `5`, `mon-fri`, `*/15`, `1,10-20/2`.
    init(_ text: Substring, _ kind: Kind) throws(CronError) {
        isStarred = text.hasPrefix("*")
        for item in text.split(separator: ",", omittingEmptySubsequences: false) { try add(item, kind) }
    }

    private mutating func add(_ item: Substring, _ kind: Kind) throws(CronError) {
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, !first.isEmpty else {
            throw CronError("there is nothing between two commas of the \(kind.name)")
        }
        let step = parts.count == 2 ? Int(parts[1]) : 1
        guard let step, step > 0, parts.count == 1 || parts[1].utf8.allSatisfy(\.isDigit) else {
            throw CronError("expected a whole number above 0 behind the / of the \(kind.name), found \"\(parts[1])\"")
        }
        let range = try Self.range(first, kind, isOpen: parts.count == 2)
        for value in stride(from: range.lowerBound, through: range.upperBound, by: step) {
            bits |= 1 << UInt64(kind.isCircular ? value % 7 : value)
        }
    }

    /// - Parameter isOpen: whether a single value is the first of all that follow, as a step makes it.
    private static func range(_ text: Substring, _ kind: Kind, isOpen: Bool) throws(CronError) -> ClosedRange<Int> {
        if text == "*" { return kind.range.lowerBound...kind.last }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(ends[0], kind)
        guard ends.count == 2 else { return first...(isOpen ? max(first, kind.last) : first) }
        var last = try value(ends[1], kind)
        // The week may end with its Sunday: fri-sun.
        if kind.isCircular, last == 0, first > 0 { last = 7 }
        guard first <= last else { throw CronError("\"\(text)\" of the \(kind.name) begins after its end") }
        return first...last
    }

    private static func value(_ text: Substring, _ kind: Kind) throws(CronError) -> Int {
        if let index = kind.names.firstIndex(of: text.lowercased()) { return index + kind.firstNamed }
        if !text.isEmpty, text.utf8.allSatisfy(\.isDigit), let number = Int(text), kind.range.contains(number) {
            return number
        }
        let names = kind.names.isEmpty ? "" : ", or a name such as \(kind.names[1])"
        throw CronError(
            "expected \(kind.range.lowerBound) to \(kind.range.upperBound)\(names) for the \(kind.name), found \"\(text)\""
        )
    }

    func contains(_ value: Int) -> Bool { bits & (1 << UInt64(value)) != 0 }

    /// The values in ascending order.
    var values: [Int] { (0..<64).filter(contains) }
}
