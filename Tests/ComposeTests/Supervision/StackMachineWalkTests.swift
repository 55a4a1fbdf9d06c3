import Linux
import Testing

@testable import Compose

/// Whatever people ask for and whatever happens, in whatever order.
struct StackMachineWalkTests {
    /// Services at random, each needing some of those after it.
    private static func services(_ random: inout SplitMix) -> String {
        let names = ["a", "b", "c", "d", "e", "f"]
        var awaited: Set<String> = []
        var looked: Set<String> = []
        var text: [String] = []
        for (index, name) in names.enumerated() {
            var needs: [String] = []
            for other in names[(index + 1)...] where random.next() % 3 == 0 {
                // Whoever is to complete and whoever is to be healthy are two: what comes first is chance otherwise.
                let further =
                    awaited.contains(other)
                    ? "service_completed_successfully"
                    : looked.contains(other) || random.next() % 2 == 0
                        ? "service_healthy" : "service_completed_successfully"
                let condition = random.next() % 3 == 0 ? "service_started" : further
                if condition == "service_completed_successfully" { awaited.insert(other) }
                if condition == "service_healthy" { looked.insert(other) }
                let required = random.next() % 4 != 0
                let restart = random.next() % 2 == 0
                needs.append("\(other): {condition: \(condition), required: \(required), restart: \(restart)}")
            }
            var keys = ["rootfs: rootfs", "command: [sleep, \"1\"]"]
            if !needs.isEmpty { keys.append("depends_on: {\(needs.joined(separator: ", "))}") }
            // Whoever is to complete does not come back by itself.
            let policies =
                awaited.contains(name) ? ["no", "on-failure"] : ["no", "always", "on-failure", "unless-stopped"]
            keys.append("restart: \"\(policies[Int(random.next() % UInt64(policies.count))])\"")
            let isLooked = looked.contains(name) || random.next() % 3 == 0
            if isLooked { keys.append("healthcheck: {test: [CMD, sleep, \"0\"]}") }
            if isLooked, random.next() % 4 == 0 { keys.append("x-gocker: {on_unhealthy: restart}") }
            if random.next() % 4 == 0 { keys.append("pre_stop: [{command: [sleep, \"1\"]}]") }
            if random.next() % 3 == 0, !awaited.contains(name) { keys.append("scale: 2") }
            text.append("  \(name): {\(keys.joined(separator: ", "))}\n")
        }
        return text.joined()
    }

    private static func happen(_ world: inout SimulatedStack, _ random: inout SplitMix) throws {
        let some = world.names.filter { _ in random.next() % 3 == 0 }
        let one = world.names[Int(random.next() % UInt64(world.names.count))]
        let body = world[one]
        switch random.next() % 16 {
        case 0: world.start(some)
        case 1: world.stop(some)
        case 2: world.stop(some, thenStart: true)
        case 3: world.kill(one)
        case 4: try world.die(lost: Set(some.filter { _ in random.next() % 2 == 0 }))
        case 5, 6:
            if body.process == .running {
                world.setHealth(random.next() % 2 == 0 ? .healthy : .unhealthy, of: one)
            }
        case 7, 8:
            if body.process == .running { world.tell(.exited(.exited(Int32(random.next() % 2))), one) }
        case 9: if body.process == .starting { world.tell(.startFailed("x"), one) }
        case 10: if body.hasHooks { world.tell(.prepared, one) }
        case 11: if body.isArmed { world.tell(.deadline, one) }
        default: if body.process == .starting { world.tell(.started, one) }
        }
    }

    @Test(arguments: 0..<150 as Range<UInt64>)
    func orderIsKeptAndNobodyIsForgotten(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let text = Self.services(&random)
        var world = try SimulatedStack(text)
        world.start(world.names)
        for _ in 0..<150 { try Self.happen(&world, &random) }
        #expect(world.complaints.isEmpty, "\(text)")

        world.settle()
        let forgotten = world.machine.members.filter { $0.value.intention != .none }.map { "\($0.key)" }
        #expect(forgotten.isEmpty, "they wait for ever in\n\(text)")
        #expect(world.complaints.isEmpty, "\(text)")

        world.stop(world.names)
        world.settle(isStopping: true)
        #expect(world.machine.isOver && world.machine.isQuiet, "\(text)")
        #expect(world.names.allSatisfy { world[$0].process == .none })
        #expect(world.complaints.isEmpty, "\(text)")
    }

    /// A supervisor that is killed at any moment of a start of everything starts everything all the same.
    @Test(arguments: 0..<80 as Range<UInt64>)
    func aStartGoesOnUnderTheNextSupervisor(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let text = Self.services(&random)
        var undisturbed = try SimulatedStack(text)
        undisturbed.start(undisturbed.names)
        undisturbed.settle()
        var world = try SimulatedStack(text)
        world.start(world.names)
        for _ in 0..<(random.next() % 20) {
            let one = world.names[Int(random.next() % UInt64(world.names.count))]
            if world[one].process == .starting { world.tell(.started, one) }
        }
        try world.die(lost: [])
        world.settle()
        #expect(world.complaints.isEmpty, "\(text)")
        for name in world.names {
            #expect(world[name].process == undisturbed[name].process, "\(name) of\n\(text)")
        }
    }
}
