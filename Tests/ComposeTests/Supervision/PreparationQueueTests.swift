import Testing

@testable import Compose

/// Who runs what is run once for all instances of a service, and what its cgroup is called.
struct PreparationQueueTests {
    private static func web(_ number: Int) throws -> InstanceName { try #require(InstanceName("web-\(number)")) }

    @Test func oneRunsThemAndTheOthersWait() throws {
        let (first, second, third) = (try Self.web(1), try Self.web(2), try Self.web(3))
        let other = try #require(InstanceName("db-1"))
        var queue = PreparationQueue()
        // Its next hook is its own, too, and another service has nothing to do with it.
        let mayBegin = [first, first, second, third, other].map { queue.begin($0) }
        #expect(mayBegin == [true, true, false, false, true])
        #expect(queue.end(second, failure: "x") == [])
        #expect(queue.end(first, failure: nil) == [second, third])
        #expect(queue.takeFailure(of: second) == nil)
        let mayNext = queue.begin(third)
        #expect(mayNext)
    }

    @Test func aFailureIsThatOfAllWhoWaited() throws {
        let (first, second, third) = (try Self.web(1), try Self.web(2), try Self.web(3))
        var queue = PreparationQueue()
        for instance in [first, second, third] { _ = queue.begin(instance) }
        let withdrawn = [third, third, first].map { queue.withdraw($0) }
        #expect(withdrawn == [true, false, false])
        #expect(queue.end(first, failure: "it broke") == [second])
        #expect(queue.takeFailure(of: second) == "it broke")
        #expect(queue.takeFailure(of: second) == nil)
        #expect(queue.takeFailure(of: third) == nil)
    }

    @Test(arguments: [nil, 0, 12])
    func theNameOfARunIsReadAsItIsWritten(hook: Int?) throws {
        let name = RunName(try Self.web(3), supervisor: 4711, run: 9, hook: hook)
        #expect(RunName("\(name)") == name)
    }

    @Test(arguments: [
        "web-1", "web-1.", "web-1.4", "web-1.4-", "web-1.4-5-", "web-1.4-5-6-7", "web.4-5", "+web-run.4-1",
    ])
    func otherNamesAreNone(name: String) {
        #expect(RunName(name) == nil)
    }
}
