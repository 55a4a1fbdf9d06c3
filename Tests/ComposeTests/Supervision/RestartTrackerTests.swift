import Testing

@testable import Compose

struct RestartTrackerTests {
    @Test func theDelayDoublesUpToAMinute() {
        var tracker = RestartTracker(.always)
        let delays = (0..<12).map { _ in tracker.ended(isSuccess: true, after: .zero) }
        let expected: [Double] = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 60, 60]
        #expect(delays == expected.map { .restart(after: .milliseconds(Int($0 * 1000))) })
        #expect(tracker.restarts == 12)
    }

    @Test func aRunOfTenSecondsBeginsFromTheShortestDelay() {
        var tracker = RestartTracker(.always)
        for _ in 0..<5 { _ = tracker.ended(isSuccess: false, after: .seconds(1)) }
        #expect(tracker.ended(isSuccess: false, after: .milliseconds(9999)) == .restart(after: .milliseconds(3200)))
        #expect(tracker.ended(isSuccess: false, after: .seconds(10)) == .restart(after: .milliseconds(100)))
        #expect(tracker.ended(isSuccess: false, after: .seconds(1)) == .restart(after: .milliseconds(200)))
    }

    @Test func onFailureIgnoresSuccessAndKeepsItsLimit() {
        var tracker = RestartTracker(.onFailure(limit: 2))
        #expect(tracker.ended(isSuccess: false, after: .zero) == .restart(after: .milliseconds(100)))
        #expect(tracker.ended(isSuccess: false, after: .zero) == .restart(after: .milliseconds(200)))
        #expect(tracker.ended(isSuccess: false, after: .zero) == .exhausted)
        #expect(tracker.ended(isSuccess: true, after: .zero) == .done)
    }

    @Test func noMeansNo() {
        var tracker = RestartTracker(.no)
        #expect(tracker.ended(isSuccess: false, after: .seconds(60)) == .done)
        #expect(tracker.restarts == 0)
    }

    @Test func aPolicyWithADelayAndAWindowKeepsToThem() {
        let policy = RestartPolicy(condition: .onFailure, limit: 2, delay: .seconds(3), window: .seconds(60))
        var tracker = RestartTracker(policy)
        #expect(tracker.ended(isSuccess: false, after: .seconds(59)) == .restart(after: .seconds(3)))
        #expect(tracker.ended(isSuccess: false, after: .seconds(60)) == .restart(after: .seconds(3)))
        #expect(tracker.ended(isSuccess: false, after: .seconds(1)) == .restart(after: .seconds(3)))
        #expect(tracker.ended(isSuccess: false, after: .seconds(1)) == .exhausted)
        #expect(tracker.restarts == 3)
    }

    @Test func anEndThatNobodySawCountsAsAFailure() {
        var tracker = RestartTracker(.onFailure(limit: nil))
        #expect(tracker.ended(isSuccess: nil, after: .zero) == .restart(after: .milliseconds(100)))
    }
}
