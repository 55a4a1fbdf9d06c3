import JSON
import Linux
import Testing

/// What the runtime keeps, or is given, as files and cannot read or write: a sentence that names it, and a clean state.
@Suite("Files that fail", .enabled(if: OCIRuntime.isOwn, "\(OCIRuntime.ownReason)"))
struct FileFaultTests {
    /// Runs a script in a mount namespace of its own, in which it may mount what it likes.
    private func privately(_ script: String, _ container: Container) throws -> Program.Outcome {
        try container.onHost("exec unshare --mount --propagation private /bin/sh -c '\(script)'")
    }

    /// However little room there is: from that for nothing to that for all that is needed.
    @Test func onAFullDiskNothingIsMade() throws {
        let container = try Container()
        var failures = 0
        for (inodes, pages) in (2..<8).flatMap({ inodes in [(inodes, 1), (inodes, 2), (inodes, 3), (inodes, 9)] }) {
            let outcome = try privately(
                """
                mount -t tmpfs -o nr_inodes=\(inodes),size=\(pages * 4096),mode=700 tmpfs "$ROOT"
                "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID"
                echo $?$(ls "$ROOT")
                "$RUNTIME" --root "$ROOT" delete --force "$ID"
                echo $?$(ls "$ROOT")
                """, container)
            let comment = "\(inodes) inodes, \(pages) pages: \(outcome.report)"
            #expect(outcome.lines.last == "0", "\(comment)")
            try container.expectNothing(comment)
            guard outcome.lines.first != "0\(container.id)" else { continue }
            failures += 1
            #expect(outcome.lines.first == "1", "\(comment)")
            #expect(outcome.errors.hasSuffix("no space left on device\n"), "\(comment)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(comment)")
        }
        #expect(failures > 3)
    }

    @Test func inADirectoryThatIsReadOnlyNothingIsMade() throws {
        let container = try Container()
        let outcome = try privately(
            """
            mount --bind "$ROOT" "$ROOT" && mount -o remount,bind,ro "$ROOT"
            exec "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID"
            """, container)
        outcome.expectSentence(container.stateRoot, "read-only file system")
        try container.expectNothing("read-only")
    }

    /// A container whose directory cannot be changed any more is still seen as it is, and can be started and killed.
    @Test func inADirectoryThatHasBecomeReadOnlyContainersCanBeUsed() throws {
        let container = try Container()
        #expect(try container.create().succeeded)
        let outcome = try privately(
            """
            mount --bind "$ROOT" "$ROOT" && mount -o remount,bind,ro "$ROOT"
            "$RUNTIME" --root "$ROOT" start "$ID" || exit
            "$RUNTIME" --root "$ROOT" state "$ID"
            "$RUNTIME" --root "$ROOT" kill "$ID" KILL || exit
            exec "$RUNTIME" --root "$ROOT" delete --force "$ID"
            """, container)
        #expect(outcome.output.contains(#""status": "running""#), "\(outcome.report)")
        outcome.expectSentence(container.stateRoot, "read-only file system")
        #expect(try container.status() == "stopped")
        try container.expectCleanDeletion("writable again")
    }

    /// Without /proc everything seems to have ended: nothing is deleted on such news.
    @Test(arguments: ["umount -l /proc", "mount -t tmpfs none /proc"])
    func withoutProcessesToSeeNothingIsDone(hide: String) throws {
        let container = try Container.running()
        let commands = [
            "create --bundle \(container.bundle) other", "start \(container.id)", "state \(container.id)",
            "delete \(container.id)", "delete --force \(container.id)", "exec \(container.id) true",
        ]
        for command in commands {
            let outcome = try privately("\(hide); exec \"$RUNTIME\" --root \"$ROOT\" \(command)", container)
            outcome.expectSentence("/proc")
        }
        #expect(try container.status() == "running")
        try container.expectCleanDeletion("with /proc again")
    }

    @Test func aRootThatVanishesBeforeTheStartIsAnErrorOfStart() throws {
        let container = try Container()
        #expect(try container.create().succeeded)
        try removeTree(container.rootfs)
        let outcome = try container.start()
        outcome.expectSentence("/bin/sh", "no such file or directory")
        #expect(try eventually { try container.status() == "stopped" })
        try container.expectCleanDeletion("without a root")
    }

    @Test func aRootThatVanishesWhileItRunsDoesNotKeepItFromBeingDeleted() throws {
        // It needs no file any more, however soon they are gone.
        let container = try Container.running("while :; do :; done")
        try removeTree(container.bundle)
        #expect(try container.status() == "running")
        #expect(!(try container.exec(script: "echo in").succeeded))
        try container.expectCleanDeletion("without a bundle")
    }

    /// The document is read once: what comes of it is the old one or the new one, whole.
    @Test func aConfigurationThatIsReplacedMeanwhileIsTheOldOneOrTheNewOne() throws {
        let container = try Container("echo one; sleep 1000")
        for round in 0..<12 {
            try container.writeConfig()
            let creating = try OCIRuntime.program.start(container.arguments("create"))
            try pause(.microseconds(round * 700))
            var other = container.config
            other.script = "echo two; sleep 1000"
            try replaceFile("\(container.bundle)/config.json", with: JSONWriter.pretty(other.json).utf8)
            let outcome = try creating.finish()
            #expect(outcome.succeeded, "\(outcome.report)")
            #expect(try container.start().succeeded)
            #expect(try eventually { ["one\n", "two\n"].contains(creating.output) }, "\(creating.output)")
            try container.expectCleanDeletion("round \(round)")
        }
    }

    @Test func aPIDFileThatCannotBeWrittenIsAnErrorOfWhoWritesIt() throws {
        let container = try Container()
        let file = "\(container.directory.path)/none/pid"
        for outcome in [try container.create("--pid-file", file), try container.run("--pid-file", file)] {
            outcome.expectSentence(file, "no such file or directory")
            try container.expectNothing("pid file")
        }
        #expect(try container.create().succeeded)
        #expect(try container.start().succeeded)
        let entered = try container.runtime("exec", "--detach", "--pid-file", file, container.id, "/bin/sleep", "1000")
        entered.expectSentence(file, "no such file or directory")
        #expect(try eventually { try container.processes().count == 1 })
        // A directory in its place: the new file is not left beside it.
        let directory = try container.directory.makeSubdirectory("taken")
        try container.directory.write("taken/file")
        let taken = try container.runtime("exec", "--pid-file", directory, container.id, "/bin/sleep", "1000")
        taken.expectSentence(directory)
        #expect(!exists("\(directory).new"))
    }

    @Test func aConsoleSocketThatNobodyListensOnIsAnError() throws {
        let container = try Container { $0["process.terminal"] = true }
        let socket = "\(container.directory.path)/console"
        try container.create("--console-socket", socket).expectSentence(socket, "no such file or directory")
        try container.expectNothing("no socket")
        _ = try FileDescriptor.listen(at: socket)
        try container.create("--console-socket", socket).expectSentence(socket, "connection refused")
        try container.expectNothing("nobody listens")
    }

    /// What an engine reads there must not be lost; what takes away works all the same.
    @Test func aLogThatCannotBeWrittenIsAnErrorOfWhatMakesThings() throws {
        let container = try Container()
        try container.writeConfig()
        let log = "\(container.directory.path)/none/log"
        func run(_ words: String...) throws -> Program.Outcome {
            try OCIRuntime.program.run(["--root", container.stateRoot, "--log", log] + words)
        }
        try run("create", "--bundle", container.bundle, container.id).expectSentence("--log", log)
        try container.expectNothing("no log")
        #expect(try container.create().succeeded)
        try run("exec", container.id, "true").expectSentence("--log", log)
        try run("start", "unknown").expectSentence("does not exist")
        #expect(try run("start", container.id).succeeded)
        #expect(try run("delete", "--force", container.id).succeeded)
        try container.expectNothing("no log")
    }
}
