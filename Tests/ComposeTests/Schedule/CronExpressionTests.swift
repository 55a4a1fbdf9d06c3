import Linux
import Testing

@testable import Compose

struct CronExpressionTests {
    private func next(_ cron: String, _ from: String, _ zone: TimeZoneRules = .utc, count: Int = 1) throws -> [String] {
        let expression = try CronExpression(cron)
        var time = try #require(WallTime("\(from):00.000000000Z"))
        var found: [String] = []
        for _ in 0..<count {
            guard let next = expression.next(after: time, in: zone) else { break }
            found.append(String(next.description.prefix(16)))
            time = next
        }
        return found
    }

    private let berlin = TimeZoneRules(
        firstOffset: 3_600, transitions: [], footer: PosixTimeZone("CET-1CEST,M3.5.0,M10.5.0/3"))

    @Test(
        arguments: [
            ("* * * * *", "2026-11-27T10:00", ["2026-11-27T10:01", "2026-11-27T10:02"]),
            ("*/15 * * * *", "2026-11-27T10:01", ["2026-11-27T10:15", "2026-11-27T10:30"]),
            ("5/20 8-10/2 * * *", "2026-11-27T08:30", ["2026-11-27T08:45", "2026-11-27T10:05"]),
            ("0 3 * * *", "2026-11-27T03:00", ["2026-11-28T03:00", "2026-11-29T03:00"]),
            ("0 0 1 jan *", "2026-11-27T10:00", ["2027-01-01T00:00", "2028-01-01T00:00"]),
            ("0 0 * * mon-fri", "2026-11-27T10:00", ["2026-11-30T00:00", "2026-12-01T00:00"]),
            ("0 0 * * fri-sun", "2026-11-27T10:00", ["2026-11-28T00:00", "2026-11-29T00:00"]),
            ("0 0 * * 7", "2026-11-27T10:00", ["2026-11-29T00:00", "2026-12-06T00:00"]),
            // Where both say something, one is enough; a star says nothing.
            ("0 0 13 * fri", "2026-11-27T10:00", ["2026-12-04T00:00", "2026-12-11T00:00"]),
            ("0 0 */2 * sun", "2026-11-27T10:00", ["2026-11-29T00:00", "2026-12-13T00:00"]),
            ("0 0 29 2 *", "2026-11-27T10:00", ["2028-02-29T00:00", "2032-02-29T00:00"]),
            ("0 0 29 2 *", "2096-03-01T00:00", ["2104-02-29T00:00", "2108-02-29T00:00"]),
            ("0,30 12 31 * *", "2026-11-27T10:00", ["2026-12-31T12:00", "2026-12-31T12:30"]),
            ("@hourly", "2026-11-27T10:00", ["2026-11-27T11:00", "2026-11-27T12:00"]),
            ("@daily", "2026-11-27T10:00", ["2026-11-28T00:00", "2026-11-29T00:00"]),
            ("@weekly", "2026-11-27T10:00", ["2026-11-29T00:00", "2026-12-06T00:00"]),
            ("@monthly", "2026-11-27T10:00", ["2026-12-01T00:00", "2027-01-01T00:00"]),
            ("@yearly", "2026-11-27T10:00", ["2027-01-01T00:00", "2028-01-01T00:00"]),
            ("@every 1h30m", "2026-11-27T10:07", ["2026-11-27T11:37", "2026-11-27T13:07"]),
        ]
    )
    func nextTimesFollow(cron: String, from: String, times: [String]) throws {
        #expect(try next(cron, from, count: 2) == times)
    }

    @Test func secondsBeforeTheTimeItIsStillToCome() throws {
        let cron = try CronExpression("30 10 * * *")
        let time = try #require(WallTime("2026-11-27T10:29:59.999999999Z"))
        #expect(cron.next(after: time, in: .utc)?.description == "2026-11-27T10:30:00.000000000Z")
        let exactly = try #require(WallTime("2026-11-27T10:30:00.000000000Z"))
        #expect(cron.next(after: exactly, in: .utc)?.description == "2026-11-28T10:30:00.000000000Z")
    }

    /// In Berlin the 29th of March 2026 has no time from 2 to 3 o'clock, which is 1 o'clock UTC.
    @Test(
        arguments: [
            ("30 2 * * *", "2026-03-27T12:00", ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]),
            ("0,30 2 * * *", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:00"]),
            ("0 3 * * *", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T01:00"]),
            ("0 * * * *", "2026-03-28T23:30", ["2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T02:00"]),
            ("*/30 2 * * *", "2026-03-28T12:00", ["2026-03-30T00:00"]),
        ]
    )
    func aTimeThatIsSkippedComesOnceRightAfterwards(cron: String, from: String, times: [String]) throws {
        #expect(try next(cron, from, berlin, count: times.count) == times)
    }

    /// There the 25th of October 2026 has the time from 2 to 3 o'clock twice: at midnight and at 1 o'clock UTC.
    @Test(
        arguments: [
            ("30 2 * * *", "2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]),
            ("*/30 * * * *", "2026-10-25T00:00", ["2026-10-25T00:30", "2026-10-25T01:00", "2026-10-25T01:30"]),
            ("0 * * * *", "2026-10-24T23:30", ["2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00"]),
        ]
    )
    func aTimeThatIsRepeatedComesOnceUnlessItIsADistance(cron: String, from: String, times: [String]) throws {
        #expect(try next(cron, from, berlin, count: times.count) == times)
    }

    /// Where clocks are set back over midnight, the new day begins twice.
    @Test func aDayThatBeginsTwiceIsWalkedInOrder() throws {
        let zone = TimeZoneRules(
            firstOffset: 3_600, transitions: [.init(time: 86_400 * 10 - 1_800, offset: 0)], footer: nil)
        // Local time is set back at 00:30 on the 11th to 23:30 on the 10th.
        #expect(
            try next("*/15 23,0 * * *", "1970-01-10T23:10", zone, count: 8) == [
                "1970-01-10T23:15", "1970-01-10T23:30", "1970-01-10T23:45", "1970-01-11T00:00", "1970-01-11T00:15",
                "1970-01-11T00:30", "1970-01-11T00:45", "1970-01-11T23:00",
            ])
        #expect(
            try next("0 0 * * *", "1970-01-10T22:00", zone, count: 2) == ["1970-01-10T23:00", "1970-01-12T00:00"])
    }

    @Test(
        arguments: [
            ("", "it is empty; write five fields, or @daily"),
            ("* * * *", "expected five fields (minute, hour, day of the month, month, day of the week), found 4"),
            ("60 * * * *", "expected 0 to 59 for the minute, found \"60\""),
            ("* * 0 * *", "expected 1 to 31 for the day of the month, found \"0\""),
            ("* * * foo *", "expected 1 to 12, or a name such as feb for the month, found \"foo\""),
            ("* * * * 8", "expected 0 to 7, or a name such as mon for the day of the week, found \"8\""),
            ("5-1 * * * *", "\"5-1\" of the minute begins after its end"),
            ("*/0 * * * *", "expected a whole number above 0 behind the / of the minute, found \"0\""),
            ("1,,2 * * * *", "there is nothing between two commas of the minute"),
            ("-1 * * * *", "expected 0 to 59 for the minute, found \"\""),
            ("0 0 31 2,4 *", "no month that it names has such a day"),
            ("@every", "expected a duration behind @every, such as @every 5m"),
            ("@every 5", "expected a duration behind @every, such as @every 5m"),
            ("@every 10ms", "expected at least 1s behind @every"),
            (
                "@reboot",
                "expected five fields, or one of @yearly, @monthly, @weekly, @daily, @hourly, @every DURATION"
            ),
        ]
    )
    func whatIsNoScheduleSaysWhatWasExpected(text: String, reason: String) {
        let error = #expect(throws: CronError.self) { try CronExpression(text) }
        #expect(error?.reason == reason)
    }

    /// Every minute of some days is asked: what comes next is the next one that the fields let pass.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func whatComesNextIsTheFirstThatMatches(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        func field(_ range: ClosedRange<Int>) -> String {
            switch random.next() % 4 {
            case 0: "*"
            case 1: "*/\(random.next() % 7 + 1)"
            case 2: "\(Int.random(in: range, using: &random))"
            default: "\(range.lowerBound)-\(Int.random(in: range, using: &random))"
            }
        }
        let text = [field(0...59), field(0...23), field(1...28), "*", field(0...6)].joined(separator: " ")
        let expression = try CronExpression(text)
        guard case .fields(let fields) = expression.form else { return }
        let start = Int64(random.next() % 2_000_000_000) / 60 * 60
        var expected: Int64?
        for minute in 1...(60 * 24 * 40) {
            let time = start + Int64(minute) * 60
            let ofDay = Int(time % 86_400) / 60
            guard fields.minute.contains(ofDay % 60), fields.hour.contains(ofDay / 60),
                fields.contains(CivilDate(dayNumber: Int(time / 86_400)))
            else { continue }
            expected = time
            break
        }
        guard let expected else { return }
        let next = expression.next(after: WallTime(nanosecondsSinceEpoch: start * 1_000_000_000), in: .utc)
        #expect(next?.nanosecondsSinceEpoch == expected * 1_000_000_000, "\(text) after \(start)")
    }
}
