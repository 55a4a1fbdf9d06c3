import JSON
import Linux
import Testing

@Suite("A runtime that is killed", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct InterruptionTests {
    /// Wherever it is in the making of a container, `delete --force` takes away what it has made.
    @Test(arguments: [2, 5, 8, 12, 18, 25, 35, 50]) func leavesNothingThatCannotBeDeleted(milliseconds: Int) throws {
        let container = try Container()
        try container.writeConfig()
        let running = try OCIRuntime.program.start(
            ["--root", container.stateRoot, "create", "--bundle", container.bundle, container.id])
        try pause(.milliseconds(milliseconds))
        try running.process.send(.kill)
        _ = try running.finish()
        try pause(.milliseconds(20))
        let outcome = try container.runtime("delete", "--force", container.id)
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(try eventually(within: .seconds(3)) { Cgroups.processes(of: container.cgroupName).isEmpty })
        let entries = try directoryEntries(container.stateRoot).filter { $0 == container.id }
        #expect(entries == [])
        #expect(Mounts.below(container.directory.path) == [])
    }

    /// A runtime killed while it enters a container leaves that as it was.
    @Test func leavesTheContainerItEntersAsItWas() throws {
        let container = try Container.running()
        for milliseconds in [1, 3, 6, 10, 15, 20] {
            let running = try OCIRuntime.program.start(
                ["--root", container.stateRoot, "exec", container.id, "/bin/true"])
            try pause(.milliseconds(milliseconds))
            try running.process.send(.kill)
            _ = try running.finish()
        }
        #expect(try container.status() == "running")
        #expect(try container.exec(script: "echo in").output == "in\n")
        #expect(try container.runtime("delete", "--force", container.id).succeeded)
        #expect(try container.leftovers() == [])
    }

    /// A bundle may be anywhere.
    @Test(arguments: ["with a blank", "\u{e9}\u{4e2d}", "quote'\"s", "per%cent$dollar"])
    func findsABundleOfAnyName(name: String) throws {
        let container = try Container("echo ran")
        try container.writeConfig()
        let bundle = "\(container.directory.path)/\(name)"
        try renameFile(container.bundle, to: bundle)
        let outcome = try container.runtime("run", "--bundle", bundle, container.id)
        #expect(outcome.output == "ran\n", "\(outcome.report)")
    }
}
