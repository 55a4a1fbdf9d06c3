import Testing

@testable import Compose

/// Who runs what is run once for all instances of a service, and what its cgroup is called.
struct PreparationQueueTests {
    private static func web(_ number: Int) throws -> InstanceName { try #require(InstanceName("web-\(number)")) }

    @Test func oneRunsThemAndTheOthersWait() throws {
        let (first, second, third) = (try Self.web(1), try Self.web(2), try Self.web(3))
        var queue = PreparationQueue()
        #expect(queue.begin(first))
        #expect(queue.begin(first), "its next hook is its own, too")
        #expect(!queue.begin(second) && !queue.begin(third))
        let other = try #require(InstanceName("db-1"))
        #expect(queue.begin(other), "another service has nothing to do with it")
        #expect(queue.end(second, failure: "x") == [])
        #expect(queue.end(first, failure: nil) == [second, third])
        #expect(queue.takeFailure(of: second) == nil)
        #expect(queue.begin(third), "whoever comes next may")
    }

    @Test func aFailureIsThatOfAllWhoWaited() throws {
        let (first, second, third) = (try Self.web(1), try Self.web(2), try Self.web(3))
        var queue = PreparationQueue()
        _ = [first, second, third].map { queue.begin($0) }
        #expect(queue.withdraw(third))
        #expect(!queue.withdraw(third) && !queue.withdraw(first))
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

    @Test(arguments: ["web-1", "web-1.", "web-1.4", "web-1.4-", "web-1.4-5-", "web-1.4-5-6-7", "web.4-5", "+web-run.4-1"])
    func otherNamesAreNone(name: String) {
        #expect(RunName(name) == nil)
    }
}
