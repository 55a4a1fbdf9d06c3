import Linux
import OrderedCollections
import Testing

@testable import Compose

struct StackMachineTests {
    /// A stack machine of services given by what each depends on.
    private static func machine(_ services: [(String, [String])]) throws -> (StackMachine, [InstanceName]) {
        let yaml = services.map { name, needs in
            "  \(name): {rootfs: r, command: [x]\(needs.isEmpty ? "" : ", depends_on: [\(needs.joined(separator: ", "))]")}"
        }
        let text = "name: t\nservices:\n" + yaml.joined(separator: "\n") + "\n"
        let project = try #require(ProjectName("t"))
        let stack = try #require(CanonicalStack.read(text, project: project, directory: "/"))
        var machine = StackMachine()
        for instance in stack.instances {
            machine.define(instance, as: try #require(stack.services[instance.service]))
        }
        return (machine, stack.instances)
    }

    private static let zero = MonotonicTime(sinceBoot: .zero)

    private static func names(_ steps: [StackMachine.Step], _ action: InstanceMachine.Action) -> [String] {
        steps.filter { $0.action == action }.map { "\($0.instance.service)" }
    }

    private static func instance(_ name: String) throws -> InstanceName {
        InstanceName(try #require(ServiceName(name)))
    }

    @Test func dependenciesStartFirstAndSiblingsTogether() throws {
        var (machine, all) = try Self.machine([
            ("web", ["api", "worker"]), ("api", ["db"]), ("worker", ["db"]), ("db", []),
        ])
        #expect(Self.names(machine.start(all, at: Self.zero), .spawn) == ["db"])
        let steps = machine.handle(.started, of: try Self.instance("db"), at: Self.zero)
        #expect(Self.names(steps, .spawn) == ["api", "worker"])
        #expect(machine.handle(.started, of: try Self.instance("api"), at: Self.zero) == [])
        #expect(!machine.isQuiet)
        let last = machine.handle(.started, of: try Self.instance("worker"), at: Self.zero)
        #expect(Self.names(last, .spawn) == ["web"])
    }

    @Test func stoppingGoesTheOtherWayRound() throws {
        var (machine, all) = try Self.machine([("web", ["db"]), ("db", [])])
        _ = machine.start(all, at: Self.zero)
        _ = machine.handle(.started, of: try Self.instance("db"), at: Self.zero)
        _ = machine.handle(.started, of: try Self.instance("web"), at: Self.zero)
        #expect(Self.names(machine.stop(all, at: Self.zero), .sendStopSignal) == ["web"])
        let steps = machine.handle(.exited(.exited(0)), of: try Self.instance("web"), at: Self.zero)
        #expect(Self.names(steps, .sendStopSignal) == ["db"])
        _ = machine.handle(.exited(.exited(0)), of: try Self.instance("db"), at: Self.zero)
        #expect(machine.isOver)
    }

    @Test func whatHadEndedBeforeItsTurnToStopIsTold() throws {
        var (machine, all) = try Self.machine([("web", ["job"]), ("job", [])])
        let (web, job) = (try Self.instance("web"), try Self.instance("job"))
        _ = machine.start(all, at: Self.zero)
        _ = machine.handle(.started, of: job, at: Self.zero)
        _ = machine.handle(.started, of: web, at: Self.zero)
        _ = machine.handle(.exited(.exited(0)), of: job, at: Self.zero)
        #expect(Self.names(machine.stop([web], at: Self.zero), .sendStopSignal) == ["web"])
        #expect(machine.stop([job], at: Self.zero) == [])
        // It waits for what depends on it.
        #expect(machine.takeEndedBefore() == [])
        #expect(!machine.isQuiet([job]))
        _ = machine.handle(.exited(.exited(0)), of: web, at: Self.zero)
        #expect(machine.isQuiet([job]))
        #expect(machine.takeEndedBefore() == [job])
        #expect(machine.takeEndedBefore() == [])
    }

    @Test func whatDependsOnAFailureFailsWithItsName() throws {
        var (machine, all) = try Self.machine([("web", ["api"]), ("api", ["db"]), ("db", [])])
        _ = machine.start(all, at: Self.zero)
        let steps = machine.handle(.startFailed("no"), of: try Self.instance("db"), at: Self.zero)
        #expect(steps == [])
        #expect(machine.machine(try Self.instance("api"))?.state == .failed("db-1, which it depends on, failed"))
        #expect(machine.machine(try Self.instance("web"))?.state == .failed("api-1, which it depends on, failed"))
        #expect(machine.isOver && machine.isQuiet)
    }

    /// However starts, failures, exits and stops interleave: nothing starts before what it needs has run, and in the end a
    /// stop brings everything down.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func randomWalksKeepTheOrder(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        // Each service needs some of those after it in this list.
        let names = ["a", "b", "c", "d", "e", "f"]
        let graph = names.indices.map { index in
            (names[index], names[(index + 1)...].filter { _ in random.next() % 3 == 0 })
        }
        var (machine, all) = try Self.machine(graph)
        var hasRun: Set<String> = []
        var alive: Set<InstanceName> = []
        func note(_ steps: [StackMachine.Step]) {
            for step in steps where step.action == .spawn {
                alive.insert(step.instance)
                let needs = graph.first { $0.0 == "\(step.instance.service)" }?.1 ?? []
                #expect(needs.allSatisfy(hasRun.contains), "\(step.instance) started before what it needs")
            }
        }
        note(machine.start(all, at: Self.zero))
        for _ in 0..<60 {
            guard let instance = alive.sorted(by: { "\($0)" < "\($1)" }).randomElement(using: &random) else { break }
            switch random.next() % 4 {
            case 0:
                alive.remove(instance)
                hasRun.insert("\(instance.service)")
                note(machine.handle(.exited(.exited(0)), of: instance, at: Self.zero))
            default:
                hasRun.insert("\(instance.service)")
                note(machine.handle(.started, of: instance, at: Self.zero))
            }
        }
        note(machine.stop(all, at: Self.zero))
        for _ in 0..<20 {
            for instance in alive {
                alive.remove(instance)
                note(machine.handle(.exited(.exited(0)), of: instance, at: Self.zero))
            }
        }
        #expect(machine.isOver && machine.isQuiet)
    }
}
