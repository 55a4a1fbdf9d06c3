import Compose
import OrderedCollections
import Testing

/// What `up` would do with several instances of a service, and with options.
struct StackPlanOptionTests {
    private func stack(_ services: String) throws -> Stack {
        try #require(load("name: shop\nservices:\n\(services)").stack)
    }

    private func service(_ keys: String = "") -> String { "  web: {rootfs: rootfs, command: sleep 1\(keys)}\n" }

    /// The instances of `web` by number, each made from one of two definitions.
    private func current(_ definitions: [Int: String], over: Set<Int> = [], done: Set<Int> = []) throws
        -> [StackPlan.Current]
    {
        try definitions.sorted { $0.key < $1.key }.map { number, text in
            let service = try #require(try stack(text).services.values.first)
            return StackPlan.Current(
                InstanceName(service.name, number), service, isOver: over.contains(number) || done.contains(number),
                hasSucceeded: done.contains(number))
        }
    }

    private func changes(
        _ text: String, _ current: [StackPlan.Current], _ change: (inout StackPlan.Options) -> Void = { _ in }
    ) throws -> [String] {
        var options = StackPlan.Options()
        change(&options)
        return StackPlan(try stack(text), current: current, options: options).entries.map {
            "\($0.change) \($0.instance)"
        }
    }

    @Test func theLowestFreeNumbersAreGivenFirst() throws {
        let one = service()
        #expect(
            try changes(service(", scale: 4"), current([2: one]))
                == ["create web-1", "keep web-2", "create web-3", "create web-4"])
    }

    @Test func theHighestNumbersGoFirst() throws {
        let one = service()
        #expect(
            try Set(changes(service(", scale: 1"), current([1: one, 2: one, 5: one])))
                == ["keep web-1", "remove web-2", "remove web-5"])
        #expect(try changes(service(", scale: 0"), current([1: one])) == ["remove web-1"])
    }

    @Test func whatIsFromAnotherDefinitionGoesBeforeTheHighest() throws {
        let (old, new) = (service(", environment: {V: 1}"), service(", environment: {V: 2}"))
        let both = try current([1: old, 2: old, 3: new, 4: new])
        let scaled = service(", environment: {V: 2}, scale: 2")
        #expect(try Set(changes(scaled, both)) == ["keep web-3", "keep web-4", "remove web-1", "remove web-2"])
        let three = service(", environment: {V: 2}, scale: 3")
        #expect(
            try Set(changes(three, both)) == ["recreate web-1", "keep web-3", "keep web-4", "remove web-2"])
    }

    @Test func whatHasDoneItsWorkIsDoneUntilItChanges() throws {
        let once = service()
        #expect(try changes(once, current([1: once], done: [1])) == ["done web-1"])
        #expect(try changes(once, current([1: once], over: [1])) == ["start web-1"])
        let always = service(", restart: always")
        #expect(try changes(always, current([1: always], done: [1])) == ["start web-1"])
        #expect(try changes(service(", hostname: h"), current([1: once], done: [1])) == ["recreate web-1"])
    }

    @Test func nothingIsMadeAnewWhereSomebodySaysSo() throws {
        let (old, new) = (service(", environment: {V: 1}"), service(", environment: {V: 2}, scale: 2"))
        let there = try current([1: old])
        #expect(try changes(new, there) == ["recreate web-1", "create web-2"])
        #expect(try changes(new, there) { $0.recreation = .never } == ["keep web-1", "create web-2"])
        #expect(
            try changes(new, current([1: old], over: [1])) { $0.recreation = .never } == [
                "start web-1", "create web-2",
            ])
    }

    @Test func everythingIsMadeAnewWhereSomebodySaysSo() throws {
        let one = service()
        let both = one + "  db: {rootfs: rootfs, command: sleep 2}\n"
        let there = try stack(both).services.values.map { StackPlan.Current(InstanceName($0.name), $0, isOver: false) }
        #expect(try changes(both, there) { $0.recreation = .always } == ["recreate web-1", "recreate db-1"])
        let web = try #require(ServiceName("web"))
        #expect(
            try changes(both, there) {
                $0.recreation = .always
                $0.recreated = [web]
            } == ["recreate web-1", "keep db-1"])
    }

    @Test func whatIsNotSelectedIsLeftAlone() throws {
        let both = service() + "  db: {rootfs: rootfs, command: sleep 2}\n"
        let web = try #require(ServiceName("web"))
        #expect(try changes(both, []) { $0.services = [web] } == ["create web-1"])
    }

    @Test func whatTheFileHasForAProfileIsNoOrphan() throws {
        let one = try current([1: service()])
        let other = "  db: {rootfs: rootfs, command: sleep 2}\n"
        let web = try #require(ServiceName("web"))
        #expect(try changes(other, one) == ["create db-1", "orphan web-1"])
        #expect(try changes(other, one) { $0.removesOrphans = true } == ["create db-1", "remove web-1"])
        #expect(
            try changes(other, one) {
                $0.removesOrphans = true
                $0.inactive = [web]
            } == ["create db-1"])
    }
}
