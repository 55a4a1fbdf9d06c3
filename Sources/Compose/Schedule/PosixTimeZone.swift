/// The rules of a time zone for all years to come, in one line: `CET-1CEST,M3.5.0,M10.5.0/3`. See tzset(3), and for the
/// times beyond a day RFC 9636, section 3.3.
struct PosixTimeZone: Hashable, Sendable {
    /// A day of each year, and a time of it on the clock that is changed then.
    struct Rule: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            /// From 1 to 365, where the 29th of February is never counted.
            case julian(Int)
            /// From 0 to 365.
            case ordinal(Int)
            /// The weekday of a month, in a week from 1 to 5, which is the last.
            case weekday(month: Int, week: Int, weekday: Int)
        }

        let day: Day
        /// In seconds from midnight, which may be on another day.
        let time: Int
    }

    /// Local time less UTC, in seconds.
    let standardOffset: Int
    let summer: Summer?

    struct Summer: Hashable, Sendable {
        let offset: Int
        let start: Rule
        let end: Rule
    }

    init?(_ text: String) {
        var reader = Reader(rest: text.utf8[...])
        guard reader.skipName(), let west = reader.time(limit: 24) else { return nil }
        standardOffset = -west
        guard !reader.rest.isEmpty else {
            summer = nil
            return
        }
        guard reader.skipName() else { return nil }
        var offset = standardOffset + 3_600
        if reader.rest.first != UInt8(ascii: ",") {
            guard let west = reader.time(limit: 24) else { return nil }
            offset = -west
        }
        guard let start = reader.rule(), let end = reader.rule(), reader.rest.isEmpty else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    func offset(at time: Int64) -> Int {
        guard let summer else { return standardOffset }
        let reach: Int64 = 370 * 86_400
        return transitions(within: (time - reach)...time).last?.offset ?? summer.offset
    }

    func transitions(within range: ClosedRange<Int64>) -> [TimeZoneRules.Transition] {
        guard let summer else { return [] }
        let first = CivilDate(dayNumber: Int(range.lowerBound / 86_400) - 2).year
        let last = CivilDate(dayNumber: Int(range.upperBound / 86_400) + 2).year
        var transitions: [TimeZoneRules.Transition] = []
        for year in first...last {
            let start = summer.start.moment(in: year, offset: standardOffset)
            let end = summer.end.moment(in: year, offset: summer.offset)
            transitions.append(.init(time: start, offset: summer.offset))
            transitions.append(.init(time: end, offset: standardOffset))
        }
        return transitions.filter { range.contains($0.time) }.sorted { $0.time < $1.time }
    }
}

extension PosixTimeZone.Rule {
    /// When it is reached in a year, on a clock that is `offset` seconds before UTC.
    fileprivate func moment(in year: Int, offset: Int) -> Int64 { Int64(dayNumber(in: year) * 86_400 + time - offset) }

    private func dayNumber(in year: Int) -> Int {
        let newYear = CivilDate.dayNumber(year: year, month: 1, day: 1)
        switch day {
        case .ordinal(let number):
            return newYear + number
        case .julian(let number):
            return newYear + number - 1 + (CivilDate.isLeap(year) && number > 59 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(dayNumber: CivilDate.dayNumber(year: year, month: month, day: 1))
            let matching = first.dayNumber + (weekday - first.weekday + 7) % 7
            let wanted = matching + (week - 1) * 7
            return CivilDate(dayNumber: wanted).month == month ? wanted : wanted - 7
        }
    }
}

extension PosixTimeZone {
    private struct Reader {
        var rest: Substring.UTF8View

        /// Letters, or anything between angle brackets.
        mutating func skipName() -> Bool {
            if rest.first == UInt8(ascii: "<") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
                rest = rest[rest.index(after: end)...]
                return true
            }
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            return name.count >= 3
        }

        private mutating func skip(_ character: Character) -> Bool {
            guard rest.first == character.asciiValue else { return false }
            rest = rest.dropFirst()
            return true
        }

        private mutating func number(in range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix { $0.isDigit }
            rest = rest.dropFirst(digits.count)
            guard let number = Int(String(decoding: digits, as: UTF8.self)), range.contains(number) else { return nil }
            return number
        }

        /// `[+-]hh[:mm[:ss]]`, in seconds.
        mutating func time(limit: Int) -> Int? {
            let isNegative = rest.first == UInt8(ascii: "-")
            if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard var seconds = number(in: 0...limit).map({ $0 * 3_600 }) else { return nil }
            for unit in [60, 1] where skip(":") {
                guard let part = number(in: 0...59) else { return nil }
                seconds += part * unit
            }
            return isNegative ? -seconds : seconds
        }

        mutating func rule() -> Rule? {
            guard skip(","), let day = day() else { return nil }
            guard skip("/") else { return Rule(day: day, time: 7_200) }
            return time(limit: 167).map { Rule(day: day, time: $0) }
        }

        private mutating func day() -> Rule.Day? {
            if skip("J") { return number(in: 1...365).map(Rule.Day.julian) }
            guard skip("M") else { return number(in: 0...365).map(Rule.Day.ordinal) }
            guard let month = number(in: 1...12), skip("."), let week = number(in: 1...5), skip("."),
                let weekday = number(in: 0...6)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}
