import JSON
import Linux
import Testing

@Suite("kill", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct KillTests {
    private let trapping = "trap 'echo TERM; exit 0' TERM; trap 'echo USR1' USR1; echo up; while :; do sleep 0.01; done"

    private func trappingContainer() throws -> Container {
        let container = try Container.running(trapping)
        try #require(try eventually { container.output == "up\n" })
        return container
    }

    /// runtime.md, Kill: the signal is sent to the container process; as number, as name, with and without SIG.
    @Test(arguments: ["USR1", "SIGUSR1", "10"]) func sendsTheSignalThatIsNamed(signal: String) throws {
        let container = try trappingContainer()
        #expect(try container.runtime("kill", container.id, signal).succeeded)
        #expect(try eventually { container.output == "up\nUSR1\n" })
        #expect(try container.status() == "running")
    }

    @Test func sendsTERMByDefault() throws {
        let container = try trappingContainer()
        #expect(try container.runtime("kill", container.id).succeeded)
        #expect(try container.waitUntil("stopped"))
        #expect(container.output == "up\nTERM\n")
    }

    @Test func refusesASignalThatIsNone() throws {
        let container = try trappingContainer()
        for signal in ["NOSUCH", "SIG", "4711", "-1"] {
            #expect(!(try container.runtime("kill", container.id, signal).succeeded), "\(signal)")
        }
        #expect(container.output == "up\n")
    }

    /// runtime.md, Kill: a container that is created can be signalled too.
    @Test func endsACreatedContainer() throws {
        let container = try Container()
        #expect(try container.create().succeeded)
        #expect(try container.runtime("kill", container.id, "KILL").succeeded)
        #expect(try container.waitUntil("stopped"))
        #expect(try container.runtime("delete", container.id).succeeded)
        #expect(try container.leftovers() == [])
    }

    /// runtime.md, Kill: neither created nor running is an error. Engines look for one of these texts.
    @Test func isAnErrorForAStoppedContainer() throws {
        let container = try Container.running("true")
        #expect(try container.waitUntil("stopped"))
        let outcome = try container.runtime("kill", container.id, "TERM")
        #expect(!outcome.succeeded)
        let texts = ["container not running", "no such process", "process already finished", "invalid process"]
        #expect(texts.contains { outcome.errors.contains($0) }, "\(outcome.report)")
    }

    /// With a PID namespace of the host the end of the first process is not the end of all.
    @Test(arguments: [true, false]) func reachesAllProcesses(haveNamespace: Bool) throws {
        let container = try Container.running("sleep 1000 & sleep 1000 & echo up; wait") {
            if !haveNamespace { $0.remove(from: "linux.namespaces", where: "type", is: "pid") }
        }
        #expect(try eventually { container.output == "up\n" })
        #expect(try eventually { Cgroups.processes(of: container.cgroupName).count == 3 })
        #expect(try container.runtime("kill", "--all", container.id, "KILL").succeeded)
        #expect(try container.waitUntil("stopped"))
        #expect(try eventually { Cgroups.processes(of: container.cgroupName).isEmpty })
    }

    /// A process that inherited the number of one that has ended is never signalled.
    @Test func comesToTheContainerAndToNobodyElse() throws {
        let first = try trappingContainer()
        let second = try trappingContainer()
        #expect(try first.runtime("kill", first.id, "KILL").succeeded)
        #expect(try first.waitUntil("stopped"))
        #expect(try second.status() == "running")
    }
}
