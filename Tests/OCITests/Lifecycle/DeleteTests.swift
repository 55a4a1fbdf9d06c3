import JSON
import Linux
import Testing

@Suite("delete", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct DeleteTests {
    /// runtime.md, Delete: what is not stopped is not deleted, and nothing happens to it.
    @Test func isAnErrorForARunningContainer() throws {
        let container = try Container.running()
        let process = try container.processID()
        #expect(!(try container.runtime("delete", container.id).succeeded))
        #expect(try container.status() == "running")
        #expect(exists("/proc/\(process)"))
        #expect(!Cgroups.directories(named: container.cgroupName).isEmpty)
    }

    /// runtime.md, Delete: the resources that create made go, and the identifier may be used again.
    @Test func takesEverythingAway() throws {
        let container = try Container.running("true")
        #expect(try container.waitUntil("stopped"))
        let outcome = try container.runtime("delete", container.id)
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(try container.leftovers() == [])
        #expect(!(try container.runtime("state", container.id).succeeded))
        #expect(try container.create().succeeded)
    }

    /// runtime.md, Delete: what the container did not create stays.
    @Test func keepsWhatIsNotTheContainers() throws {
        let container = try Container("mkdir /data/made; touch /made") { _ in }
        let data = try container.directory.makeSubdirectory("data")
        container.config.bind(data, on: "/data", "rw")
        #expect(try container.run().succeeded)
        #expect(exists("\(data)/made"))
        #expect(exists("\(container.rootfs)/made"))
        #expect(exists("\(container.bundle)/config.json"))
    }

    @Test(arguments: ["created", "running", "paused", "stopped"])
    func withForceEndsAContainerInAnyState(status: String) throws {
        let container = try Container(status == "stopped" ? "true" : "sleep 1000 & wait")
        #expect(try container.create().succeeded)
        let process = try container.processID()
        if status != "created" { #expect(try container.start().succeeded) }
        if status == "paused" { #expect(try container.runtime("pause", container.id).succeeded) }
        #expect(try container.waitUntil(status))
        let outcome = try container.runtime("delete", "--force", container.id)
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(try container.leftovers() == [])
        #expect(try eventually { !exists("/proc/\(process)/exe") })
    }

    /// Engines call it a second time.
    @Test func withForceSucceedsForAContainerThatDoesNotExist() throws {
        let container = try Container()
        #expect(try container.runtime("delete", "--force", "unknown").succeeded)
    }

    /// A container that made cgroups below its own can be deleted all the same.
    @Test func takesTheCgroupsBelowAway() throws {
        let container = try Container.running("true")
        #expect(try container.waitUntil("stopped"))
        for directory in Cgroups.directories(named: container.cgroupName) {
            try makeDirectories("\(directory)/below/deeper")
        }
        let outcome = try container.runtime("delete", container.id)
        #expect(outcome.succeeded, "\(outcome.report)")
        let leftovers = try container.leftovers()
        #expect(leftovers == [])
        for directory in Cgroups.directories(named: container.cgroupName) {
            try? removeDirectory("\(directory)/below/deeper")
            try? removeDirectory("\(directory)/below")
        }
    }

    /// Without a PID namespace, what the payload has left behind goes with the container.
    @Test func takesTheProcessesAwayThatAreLeft() throws {
        let container = try Container.running("sleep 1000 & exit 0") {
            $0.remove(from: "linux.namespaces", where: "type", is: "pid")
        }
        #expect(try container.waitUntil("stopped"))
        #expect(Cgroups.processes(of: container.cgroupName).count == 1)
        let outcome = try container.runtime("delete", "--force", container.id)
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(try container.leftovers() == [])
    }
}
