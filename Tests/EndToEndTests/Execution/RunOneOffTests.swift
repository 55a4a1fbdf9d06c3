import FoundationEssentials
import Linux
import Testing

@Suite("gocker-compose run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunOneOffTests {
    private static let yaml = """
        services:
          db: {rootfs: rootfs, command: [sleep, "1000"], stop_signal: KILL}
          init: {rootfs: rootfs, command: [sh, -c, "sleep 0.3"]}
          app:
            rootfs: rootfs
            command: [sh, -c, "echo $$COLOUR"]
            environment: {COLOUR: red}
            working_dir: /tmp
            stop_signal: KILL
            depends_on: {db: {condition: service_started}, init: {condition: service_completed_successfully}}
          other: {rootfs: rootfs, command: [sleep, "2000"], stop_signal: KILL}
          tool: {rootfs: rootfs, command: [echo, tool], profiles: [tools]}
          broken: {rootfs: rootfs, command: [echo, never], depends_on: {fails: {condition: service_completed_successfully}}}
          fails: {rootfs: rootfs, command: ["false"]}
        """

    private struct Row: Decodable {
        let name: String
        let state: String
        let exitCode: Int32?
        let processId: Int32?
    }

    private func rows(of stack: StackFixture) throws -> [Row] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            [Row].self, from: Data(try stack.compose("ps", "-a", "--format", "json").output.utf8))
    }

    @Test func startsWhatItNeedsAndNothingElse() throws {
        let stack = try StackFixture(Self.yaml)
        let outcome = try stack.compose("run", "--rm", "app")
        #expect(outcome.exitCode == 0, "\(outcome)")
        #expect(outcome.output == "red\n")
        let states = Dictionary(uniqueKeysWithValues: try rows(of: stack).map { ($0.name, $0.state) })
        #expect(states["db-1"] == "running")
        #expect(states["init-1"] == "exited")
        #expect(states["app-1"] == nil)
        #expect(states["other-1"] == nil)
        #expect(states.count == 2)
    }

    @Test func refusesWhereWhatItNeedsFails() throws {
        let stack = try StackFixture(Self.yaml)
        let outcome = try stack.compose("run", "--rm", "broken")
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("fails-1, which it depends on, did not succeed"), "\(outcome)")
        let unknown = try stack.compose("run", "othr")
        #expect(unknown.exitCode == 1)
        #expect(unknown.errors.contains("othr"))
    }

    @Test func differsFromTheServiceAsAsked() throws {
        let stack = try StackFixture(Self.yaml)
        try stack.directory.write("seen/file", "of the host\n")
        let outcome = try stack.compose(
            "run", "--rm", "--no-deps", "-e", "COLOUR=blue", "-w", "/new/place", "-u", "nobody", "-v",
            "\(stack.directory.path)/seen:/seen:ro", "app", "sh", "-c",
            "pwd; echo $COLOUR; id -un; cat /seen/file; hostname; echo x > /seen/file")
        #expect(outcome.output == "/new/place\nblue\nnobody\nof the host\napp\n", "\(outcome)")
        #expect(outcome.exitCode == 1)
        let entry = try stack.compose("run", "--rm", "--no-deps", "--entrypoint", "echo 'a b'", "app", "c")
        #expect(entry.output == "a b c\n")
        #expect(try stack.compose("run", "--rm", "tool").output == "tool\n")
        // A change of its own, which nobody else sees.
        #expect(try stack.compose("run", "--rm", "--no-deps", "app", "touch", "/etc/changed").exitCode == 0)
        #expect(try stack.compose("run", "--rm", "--no-deps", "app", "test", "-e", "/etc/changed").exitCode == 1)
        #expect(
            try stack.compose("run", "-p", "80:80", "app").errors.contains("are not acted on by this version"))
    }

    @Test func changesCapabilities() throws {
        let stack = try StackFixture(Self.yaml)
        func capabilities(_ options: String...) throws -> UInt64 {
            let outcome = try Program.compose.run(
                ["-f", stack.file, "-p", stack.project, "run", "--rm", "--no-deps"] + options
                    + ["app", "grep", "CapEff", "/proc/self/status"], environment: stack.environment)
            return try #require(outcome.output.split(separator: "\t").last.flatMap { UInt64($0.dropLast(), radix: 16) })
        }
        let usual = try capabilities()
        #expect(try capabilities("--cap-add", "NET_ADMIN") == usual | 1 << 12)
        #expect(try capabilities("--cap-drop", "cap_kill") == usual & ~(1 << 5))
        #expect(try capabilities("--cap-drop", "ALL", "--cap-add", "KILL") == 1 << 5)
        let wrong = try stack.compose("run", "--rm", "--no-deps", "--cap-add", "FLY", "app")
        #expect(wrong.errors.contains("a capability named FLY"))
    }

    @Test func endsAsTheCommandDoesAndLeavesNothing() throws {
        let stack = try StackFixture(Self.yaml)
        func code(_ words: String...) throws -> Int32 {
            try Program.compose.run(
                ["-f", stack.file, "-p", stack.project, "run", "--rm", "--no-deps", "app"] + words,
                environment: stack.environment
            ).exitCode
        }
        #expect(try code("sh", "-c", "exit 7") == 7)
        #expect(try code("sh", "-c", "(setsid sleep 1000 &); exit 0") == 0)
        #expect(try code("nothing-of-this-name") == 127)
        #expect(try code("/etc/passwd") == 126)
        #expect(try stack.traces().cgroups.isEmpty)
        #expect(!(try stack.traces().runFiles.contains(stack.project)))
        #expect(try stack.compose("down").errors.contains("nothing of it is left"))
    }

    @Test func isInterruptedTheSecondTimeForSure() throws {
        let stack = try StackFixture(Self.yaml)
        let running = try stack.start(
            "run", "--rm", "--no-deps", "-T", "app", "sh", "-c",
            "trap 'echo heard' INT; echo here; while :; do sleep 0.1; done")
        #expect(try running.waitForOutput("here"))
        try running.process.send(.interrupt)
        #expect(try running.waitForOutput("heard"))
        try running.process.send(.interrupt)
        #expect(try running.finish().exitCode == 137)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func runsOnInTheBackgroundWhateverTheStackDoes() throws {
        let stack = try StackFixture(Self.yaml)
        let outcome = try stack.compose(
            "run", "-d", "--name", "worker", "app", "sh", "-c", "echo begun; while :; do sleep 0.1; done")
        #expect(outcome.exitCode == 0, "\(outcome)")
        #expect(outcome.output == "worker\n")
        let process = try #require(try rows(of: stack).first { $0.name == "worker" }?.processId)
        #expect(
            try stack.compose("run", "-d", "--name", "worker", "app").errors.contains(
                "there is a container named worker"))
        #expect(try stack.compose("up", "-d").exitCode != 125)
        #expect(try stack.compose("restart", "app").exitCode != 125)
        #expect(try stack.compose("exec", "worker", "sh", "-c", "echo $COLOUR").output == "red\n")
        #expect(try stack.compose("top").output.contains("worker"))
        try SupervisorDeathTests.supervisor(of: stack).send(.kill)
        #expect(try stack.compose("up", "-d").exitCode != 125)
        #expect(try rows(of: stack).first { $0.name == "worker" }?.processId == process)
        #expect(
            try stack.eventually {
                let log = try? readText("\(stack.directory.path)/data/\(stack.project)/logs/worker.log")
                return log?.contains("begun") == true
            })
        let down = try stack.compose("down", timeout: .seconds(120))
        #expect(down.exitCode == 0, "\(down)")
        #expect((try? ProcessIdentity(of: process)) == nil)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func tellsHowItEndedInTheBackground() throws {
        let stack = try StackFixture(Self.yaml)
        #expect(
            try stack.compose("run", "-d", "--no-deps", "--name", "quick", "app", "sh", "-c", "exit 3").exitCode == 0)
        #expect(try stack.eventually { try rows(of: stack).first { $0.name == "quick" }?.exitCode == 3 })
        let missing = try stack.compose("run", "-d", "--no-deps", "app", "nothing-of-this-name")
        #expect(missing.exitCode == 127)
        #expect(missing.errors.contains("executable file not found"))
        #expect(try stack.compose("down").exitCode == 0)
        #expect(!(try stack.traces().runFiles.contains(stack.project)))
    }

    @Test(.enabled(if: AtTerminal.isUsable, "a terminal to test with needs script(1)"))
    func hasATerminalWhereThereIsOne() throws {
        let stack = try StackFixture(Self.yaml)
        let outcome = try stack.atTerminal(
            """
            stty cols 132 rows 50
            $COMPOSE run --rm --no-deps app sh -c 'tty; stty size; echo $TERM; exit 3'; echo "code $?"
            $COMPOSE run --rm --no-deps -T app tty; echo "code $?"
            """)
        #expect(outcome.output.contains("/dev/pts/0\n50 132\nxterm\ncode 3\n"), "\(outcome)")
        #expect(outcome.output.contains("not a tty\ncode 1\n"))
    }
}
