import JSON
import Linux
import Testing

/// The runtime is killed at one system call after the other. `GOCKER_EVERY_POINT=1` leaves none out.
@Suite(
    "A runtime killed at any point", .enabled(if: OCIRuntime.isOwn && Strace.isUsable, "\(Strace.reason)"))
struct KilledRuntimeTests {
    /// Whatever there is of the container by then, its state can be asked for and `delete --force` takes it away.
    @Test(arguments: [["create"], ["run", "--detach"]])
    func ofMakingAContainerLeavesNothingThatCannotBeDeleted(verb: [String]) throws {
        let container = try Container()
        try container.writeConfig()
        let file = "\(container.directory.path)/pid"
        let arguments =
            ["--root", container.stateRoot] + verb + ["--bundle", container.bundle, "--pid-file", file, container.id]
        let points = try Strace.points(of: OCIRuntime.path, arguments, in: container.directory)
        try container.expectCleanDeletion("to its end")
        try #require(points.count > 50)
        for point in Strace.selected(points, about: 40) {
            try Strace.run(OCIRuntime.path, arguments, killedAt: point)
            try container.expectSaneState("\(point)")
            try container.expectCleanDeletion("\(point)")
            // The file with the number is the caller's; it is there whole or not at all, and none beside it.
            #expect(try directoryEntries(container.directory.path).filter { $0.hasPrefix("pid") }.count <= 1)
            if let text = try? readText(file) { #expect(Int32(text) != nil, "\(point): \(text)") }
        }
    }

    @Test func ofAStartLeavesAContainerThatStartsOrRuns() throws {
        let container = try Container("echo ran; sleep 1000")
        #expect(try container.create().succeeded)
        let arguments = ["--root", container.stateRoot, "start", container.id]
        let points = try Strace.points(of: OCIRuntime.path, arguments, in: container.directory)
        try container.expectCleanDeletion("to its end")
        for point in Strace.selected(points, about: 25) {
            #expect(try container.create().succeeded)
            try Strace.run(OCIRuntime.path, arguments, killedAt: point)
            try container.expectSaneState("\(point)")
            // A start that was too late for the kill is refused; one after a kill starts it unless it runs already.
            let again = try container.start()
            #expect(again.succeeded || again.errors.contains("which is running"), "\(point): \(again.report)")
            #expect(try eventually { container.output == "ran\n" }, "\(point)")
            #expect(try container.status() == "running", "\(point)")
            try container.expectCleanDeletion("\(point)")
        }
    }

    @Test func ofADeletionLeavesNothingThatCannotBeDeleted() throws {
        let container = try Container()
        #expect(try container.create().succeeded)
        let arguments = ["--root", container.stateRoot, "delete", "--force", container.id]
        let points = try Strace.points(of: OCIRuntime.path, arguments, in: container.directory)
        try container.expectNothing("to its end")
        for point in Strace.selected(points, about: 25) {
            #expect(try container.create().succeeded)
            try Strace.run(OCIRuntime.path, arguments, killedAt: point)
            try container.expectSaneState("\(point)")
            try container.expectCleanDeletion("\(point)")
        }
    }

    /// The container is as it was, and what has begun in it goes with it.
    @Test func ofAnExecLeavesTheContainerAsItWas() throws {
        let container = try Container.running()
        let arguments = ["--root", container.stateRoot, "exec", container.id, "/bin/sleep", "0.01"]
        let points = try Strace.points(of: OCIRuntime.path, arguments, in: container.directory)
        for point in Strace.selected(points, about: 30) {
            try Strace.run(OCIRuntime.path, arguments, killedAt: point)
            #expect(try container.status() == "running", "\(point)")
        }
        #expect(try container.exec(script: "echo in").output == "in\n")
        #expect(try eventually(within: .seconds(5)) { try container.processes().count == 1 }, "an exec is left")
        try container.expectCleanDeletion("after all")
    }
}
