import Linux
import Testing

struct WallClockTimerTests {
    private func isReady(_ timer: borrowing WallClockTimer, within timeout: Duration) throws -> Bool {
        let poller = try Poller()
        try poller.add(timer.descriptor, token: 1)
        return !(try poller.wait(timeout: timeout)).isEmpty
    }

    @Test func itRingsWhenItsTimeHasComeAndIsQuietAfterwards() throws {
        let timer = try WallClockTimer()
        #expect(try !isReady(timer, within: .milliseconds(20)))
        let time = WallTime(nanosecondsSinceEpoch: WallTime.now.nanosecondsSinceEpoch + 50_000_000)
        try timer.arm(time)
        #expect(try isReady(timer, within: .seconds(20)))
        #expect(WallTime.now >= time)
        timer.drain()
        #expect(try !isReady(timer, within: .milliseconds(20)))
    }

    @Test func aTimeThatIsPastRingsAtOnce() throws {
        let timer = try WallClockTimer()
        try timer.arm(WallTime(nanosecondsSinceEpoch: 0))
        #expect(try isReady(timer, within: .seconds(20)))
    }

    @Test func whatIsNotWaitedForAnyMoreDoesNotRing() throws {
        let timer = try WallClockTimer()
        try timer.arm(WallTime(nanosecondsSinceEpoch: WallTime.now.nanosecondsSinceEpoch + 50_000_000))
        try timer.arm(nil)
        #expect(try !isReady(timer, within: .milliseconds(200)))
    }
}
