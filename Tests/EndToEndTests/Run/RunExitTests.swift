import Linux
import Testing

@Suite("The end of gocker run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunExitTests {
    @Test(arguments: [("exit 0", 0), ("exit 3", 3), ("exit 255", 255), ("sh -c 'kill -KILL $$'; exit $?", 137)])
    func isTheCommands(script: String, code: Int32) throws {
        #expect(try Program.gocker.inside(script: script).exitCode == code)
    }

    @Test(
        arguments: [
            (["nosuch"], 127, "exec \"nosuch\": executable file not found in $PATH"),
            (["/nosuch"], 127, "exec /nosuch: No such file or directory"),
            (["/etc/passwd/x"], 127, "exec /etc/passwd/x: Not a directory"),
            ([""], 127, "exec an empty command: No such file or directory"),
            (["/etc"], 126, "exec /etc: Permission denied"),
            (["/etc/passwd"], 126, "exec /etc/passwd: Permission denied"),
            (["-e", "PATH=/etc", "passwd"], 126, "exec /etc/passwd: Permission denied"),
            (["-e", "PATH=", "sh"], 127, "exec \"sh\": executable file not found in $PATH"),
        ] as [([String], Int32, String)])
    func saysWhatCannotBeExecuted(words: [String], code: Int32, message: String) throws {
        let outcome = try Program.gocker.run(["run", "--rootfs", TestFiles.rootfs] + words)
        #expect(outcome.exitCode == code)
        #expect(outcome.errors == "gocker: \(message)\n")
    }

    @Test func ofSomethingThatIsNoProgramSaysSo() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write("text", "no program\n")
        _ = try Program(path: "/bin/chmod").run("755", file)
        let direct = try Program.gocker.run("run", "--rootfs", TestFiles.rootfs, "-v", "\(file):/mnt/text", "/mnt/text")
        #expect(direct.exitCode == 126)
        #expect(direct.errors == "gocker: exec /mnt/text: Exec format error\n")
    }

    /// Starts a container that says when it runs.
    private func start(_ script: String, _ options: String...) throws -> RunningProgram {
        let words = ["run", "-i", "--rootfs", TestFiles.rootfs] + options + ["sh", "-c", script]
        let container = try Program.gocker.start(words)
        #expect(try container.waitForOutput("up\n"))
        return container
    }

    @Test(arguments: [
        ("TERM", Signal.terminate), ("INT", .interrupt), ("HUP", .hangUp), ("USR1", .user1), ("QUIT", .quit),
    ])
    func canBeAskedForByASignal(name: String, signal: Signal) throws {
        let container = try start("trap 'echo got \(name); exit 42' \(name); echo up; while :; do read line; done")
        try container.process.send(signal)
        let outcome = try container.finish()
        #expect(outcome.exitCode == 42)
        #expect(outcome.lines == ["up", "got \(name)"])
    }

    @Test(arguments: [[], ["-u", "1000"], ["-t"]])
    func takesTheContainerWithItEvenWhereItIsKilled(options: [String]) throws {
        // Whoever holds the other end of this pipe is alive.
        let pipe = try Pipe()
        let input = try FileDescriptor.open("/dev/zero")
        let name = "e2e-killed\(options.joined())"
        let container = try spawn(
            executable: try FileDescriptor.open(Program.gocker.path, .path),
            arguments: ["gocker", "run", "-i", "--name", name, "--rootfs", TestFiles.rootfs] + options + [
                "sh", "-c", "echo up >&2; sleep 1000 & read line; sleep 1000",
            ], environment: TestFiles.environment,
            descriptors: [input.number, pipe.writer.number, pipe.writer.number])
        let reader = pipe.keepingReader()
        try reader.setNonBlocking(true)
        let poller = try Poller()
        try poller.add(reader, token: 0)
        #expect(try poller.wait(timeout: .seconds(20)).count == 1)
        try container.send(.kill)
        #expect(try container.wait() == .signalled(.kill))
        let deadline = MonotonicTime.now + .seconds(20)
        var received = Received.wouldBlock
        while received != .endOfFile, .now < deadline {
            received = try reader.read(upTo: 4096)
            if received == .wouldBlock { _ = try poller.wait(timeout: .seconds(1)) }
        }
        #expect(received == .endOfFile)
        try removeCgroup(ofKilled: name)
    }

    @Test func inputIsPassedOnOnlyWhereItIsAskedFor() throws {
        #expect(try Program.gocker.inside(script: "cat; echo end", input: "typed\n").output == "end\n")
        #expect(try Program.gocker.inside("-i", script: "cat; echo end", input: "typed\n").output == "typed\nend\n")
        let large = String(repeating: "0123456789abcdef", count: 2048)
        #expect(try Program.gocker.inside("-i", script: "cat", input: large).output == large)
    }

    @Test func theTwoOutputsStayApart() throws {
        let outcome = try Program.gocker.inside(script: "echo out; echo err >&2")
        #expect(outcome.output == "out\n")
        #expect(outcome.errors == "err\n")
    }
}
