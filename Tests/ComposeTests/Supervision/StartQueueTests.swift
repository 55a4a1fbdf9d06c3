import Testing

@testable import Compose

@Suite struct StartQueueTests {
    private func name(_ number: Int) throws -> InstanceName {
        InstanceName(try #require(ServiceName("web")), number)
    }

    @Test func eachHasOneTurnInOrder() throws {
        var queue = StartQueue()
        for number in [1, 2, 1, 3] { queue.append(try name(number), hasRun: false) }
        #expect(queue.popFirst() == (try name(1)))
        queue.append(try name(1), hasRun: false)
        #expect(try [name(2), name(3), name(1)] == [queue.popFirst(), queue.popFirst(), queue.popFirst()])
        #expect(queue.popFirst() == nil)
        #expect(queue.isEmpty)
    }

    @Test func whatIsTakenOutOfItsTurnHasNone() throws {
        var queue = StartQueue()
        for number in 1...4 { queue.append(try name(number), hasRun: false) }
        #expect(queue.popFirst() == (try name(1)))
        #expect(queue.remove(try name(3)))
        #expect(!queue.remove(try name(3)))
        #expect(!queue.remove(try name(1)))
        queue.append(try name(3), hasRun: false)
        #expect(queue.contains(try name(3)))
        #expect(try [name(2), name(4), name(3)] == [queue.popFirst(), queue.popFirst(), queue.popFirst()])
        #expect(queue.isEmpty)
    }

    @Test func whatRanBeforeComesFirst() throws {
        var queue = StartQueue()
        for number in 1...2 { queue.append(try name(number), hasRun: false) }
        for number in 3...4 { queue.append(try name(number), hasRun: true) }
        #expect(try [name(3), name(4), name(1), name(2)] == (1...4).map { _ in queue.popFirst() })
        #expect(queue.isEmpty)
    }
}
