import Linux
import Testing

@Suite("Time")
struct TimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000000Z"), (1, "1970-01-01T00:00:00.000000001Z"),
            (1_795_472_400_000_000_042, "2026-11-23T22:20:00.000000042Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"), (.max, "2262-04-11T23:47:16.854775807Z"),
        ] as [(Int64, String)])
    func ofTheCalendarIsReadAsItIsPrinted(nanoseconds: Int64, text: String) {
        #expect("\(WallTime(nanosecondsSinceEpoch: nanoseconds))" == text)
        #expect(WallTime(text)?.nanosecondsSinceEpoch == nanoseconds)
    }

    @Test(arguments: [
        "", "2026-11-23T22:20:00Z", "2026-11-23T22:20:00.000000000", "2026:11:23:22:20:00.000000000Z",
        "2026-11-23 22:20:00.000000000Z", "2026-13-23T22:20:00.000000000Z", "2026-02-30T22:20:00.000000000Z",
        "+026-11-23T22:20:00.000000000Z", "9999-11-23T22:20:00.000000000Z", "0000-01-01T00:00:00.000000000Z",
        "2026-11-23T24:20:00.000000000Z", "2026-11-23T22:60:00.000000000Z", "2026-11-23T22:20:00.00000000Zé",
        "------------------------------", "2026-11-23T22:20:-1.000000000Z",
    ])
    func ofTheCalendarIsNothingInAnyOtherForm(text: String) {
        #expect(WallTime(text) == nil)
    }

    @Test func neverRunsBackwards() {
        let first = MonotonicTime.now
        let second = MonotonicTime.now
        #expect(second >= first)
        #expect(first + .seconds(1) - first == .seconds(1))
    }

    private let start = MonotonicTime(sinceBoot: .zero)

    @Test func timersAreDueInTheOrderOfTheirTimes() {
        var timers = TimerQueue<String>()
        timers.arm("late", at: start + .seconds(3))
        timers.arm("early", at: start + .seconds(1))
        timers.arm("middle", at: start + .seconds(2))
        #expect(timers.next == start + .seconds(1))
        #expect(timers.popDue(at: start) == [])
        #expect(timers.popDue(at: start + .seconds(2)) == ["early", "middle"])
        #expect(timers.next == start + .seconds(3))
    }

    @Test func aTimerThatIsSetAgainOrStoppedIsNotDueAtItsOldTime() {
        var timers = TimerQueue<String>()
        timers.arm("moved", at: start + .seconds(1))
        timers.arm("stopped", at: start + .seconds(1))
        timers.arm("moved", at: start + .seconds(5))
        timers.disarm("stopped")
        #expect(timers.popDue(at: start + .seconds(4)) == [])
        #expect(timers.popDue(at: start + .seconds(5)) == ["moved"])
        #expect(timers.next == nil)
    }

    @Test func manyTimersAreDueInOrderHoweverOftenTheyAreSetAgain() {
        var random = SystemRandomNumberGenerator()
        var timers = TimerQueue<Int>()
        var expected: [Int: MonotonicTime] = [:]
        for _ in 0..<2000 {
            let key = Int.random(in: 0..<100, using: &random)
            let deadline = start + .seconds(Int.random(in: 1...1000, using: &random))
            if Int.random(in: 0..<4, using: &random) == 0 {
                timers.disarm(key)
                expected[key] = nil
            } else {
                timers.arm(key, at: deadline)
                expected[key] = deadline
            }
            #expect(timers.next == expected.values.min())
        }
        for second in stride(from: 100, through: 1000, by: 100) {
            let now = start + .seconds(second)
            let due = timers.popDue(at: now)
            #expect(due.map { expected[$0] } == expected.values.filter { $0 <= now }.sorted())
            for key in due { expected[key] = nil }
            #expect(timers.next == expected.values.min())
        }
        #expect(timers.next == nil)
    }
}
