import JSON
import Linux
import Testing

@Suite(
    "pause and resume", .enabled(if: OCIRuntime.isUsable && Cgroups.haveFreezer, "needs root, busybox and a freezer"))
struct PauseTests {
    @Test func stopAndGoOn() throws {
        let container = try Container.running("while :; do echo x >> /count; sleep 0.01; done")
        let count = { (try? FileStatus.of("\(container.rootfs)/count").size) ?? 0 }
        #expect(try eventually { count() > 2 })
        #expect(try container.runtime("pause", container.id).succeeded)
        #expect(try container.status() == "paused")
        let stopped = count()
        try pause(.milliseconds(100))
        #expect(count() == stopped)
        #expect(try container.runtime("resume", container.id).succeeded)
        #expect(try container.status() == "running")
        #expect(try eventually { count() > stopped })
    }

    @Test(arguments: ["pause", "resume"]) func areErrorsForAStoppedContainer(verb: String) throws {
        let container = try Container.running("true")
        #expect(try container.waitUntil("stopped"))
        #expect(!(try container.runtime(verb, container.id).succeeded))
    }

    @Test func resumeIsAnErrorForARunningContainer() throws {
        let container = try Container.running()
        #expect(!(try container.runtime("resume", container.id).succeeded))
        #expect(try container.status() == "running")
    }

    @Test func aPausedContainerIsNotDeleted() throws {
        let container = try Container.running()
        #expect(try container.runtime("pause", container.id).succeeded)
        #expect(!(try container.runtime("delete", container.id).succeeded))
        #expect(try container.status() == "paused")
    }

    @Test func aPausedContainerCanBeKilled() throws {
        let container = try Container.running()
        #expect(try container.runtime("pause", container.id).succeeded)
        #expect(try container.runtime("kill", container.id, "KILL").succeeded)
        _ = try container.runtime("resume", container.id)
        #expect(try container.waitUntil("stopped"))
    }
}
