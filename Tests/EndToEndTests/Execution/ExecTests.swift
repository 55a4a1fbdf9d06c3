import Linux
import Testing

@Suite("gocker-compose exec", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ExecTests {
    static let yaml = """
        services:
          app:
            rootfs: rootfs
            command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"]
            environment: {COLOUR: red}
            working_dir: /tmp
            network_mode: none
            pids_limit: 30
            tmpfs: [/scratch]
          plain: {rootfs: rootfs, command: [sleep, "1000"], user: nobody, stop_signal: KILL}
          over: {rootfs: rootfs, command: ["true"]}
        """

    private func started() throws -> StackFixture {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        return stack
    }

    @Test func seesWhatTheServiceSees() throws {
        let stack = try started()
        let names = ["cgroup", "ipc", "mnt", "net", "pid", "uts"]
        let script = names.map { "readlink /proc/self/ns/\($0); readlink /proc/1/ns/\($0)" }.joined(separator: "\n")
        let outcome = try stack.compose("exec", "app", "sh", "-c", script)
        #expect(outcome.exitCode == 0)
        for index in names.indices { #expect(outcome.lines[2 * index] == outcome.lines[2 * index + 1]) }
        let process = try stack.processID(of: "app-1")
        #expect(outcome.lines[6] == (try readSymbolicLink("/proc/\(process)/ns/net")))
        #expect(
            try stack.compose("exec", "app", "sh", "-c", "pwd; echo $COLOUR; hostname").output == "/tmp\nred\napp\n")
        #expect(try stack.compose("exec", "app", "sh", "-c", "echo x > /scratch/file").exitCode == 0)
        #expect(try stack.compose("exec", "app", "cat", "/scratch/file").output == "x\n")
    }

    @Test func hasTheServicesRightsAndNoMore() throws {
        let stack = try started()
        let wanted = "grep -E '^(Cap|NoNew|Seccomp:)' /proc/self/status; grep -E '^(Cap|NoNew|Seccomp:)' /proc/1/status"
        for service in ["app", "plain"] {
            let lines = try stack.compose("exec", service, "sh", "-c", wanted).lines
            #expect(lines.count == 14)
            #expect(Array(lines.prefix(7)) == Array(lines.suffix(7)), "\(lines)")
        }
        #expect(try stack.compose("exec", "plain", "id", "-u").output == "65534\n")
        #expect(try stack.compose("exec", "-u", "0", "plain", "id", "-u").output == "0\n")
        let all = try stack.compose(
            "exec", "--privileged", "app", "sh", "-c",
            "grep CapEff /proc/self/status; mount -t tmpfs x /mnt && echo mounted"
        )
        let own = try readText("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("CapBnd") }
        #expect(all.lines.first?.split(separator: "\t").last == own?.split(separator: "\t").last)
        #expect(all.lines.last == "mounted")
    }

    @Test func countsForTheServicesLimits() throws {
        let stack = try started()
        let outcome = try stack.compose(
            "exec", "app", "sh", "-c", "for i in $(seq 40); do sleep 5 & done; echo all")
        #expect(outcome.output != "all\n")
        #expect(outcome.errors.contains("fork"))
    }

    @Test func changesWhatIsAskedFor() throws {
        let stack = try started()
        let outcome = try stack.compose(
            "exec", "-e", "COLOUR=blue", "--env", "HOME", "-w", "/new/place", "-u", "nobody", "app", "sh", "-c",
            "pwd; echo $COLOUR $HOME; id -un")
        #expect(outcome.output == "/new/place\nblue /root\nnobody\n")
        #expect(try stack.compose("exec", "-w", "there", "app", "pwd").errors.contains("expected an absolute path"))
        #expect(try stack.compose("exec", "-u", "nobodyelse", "app", "pwd").errors.contains("no user \"nobodyelse\""))
    }

    @Test func passesStreamsOnAsTheyAre() throws {
        let stack = try started()
        let path = Program.compose.path
        let script = "head -c 100000 /dev/urandom > $D/in; $C exec -T app cat < $D/in > $D/out; cmp $D/in $D/out"
        let outcome = try Program(path: "/bin/sh").run(
            ["-c", script],
            environment: stack.environment + [
                "C=\(path) -f \(stack.file) -p \(stack.project)", "D=\(stack.directory.path)",
            ])
        #expect(outcome.exitCode == 0, "\(outcome)")
        let split = try stack.compose("exec", "app", "sh", "-c", "echo out; echo err >&2")
        #expect(split.output == "out\n")
        #expect(split.errors == "err\n")
        #expect(try stack.compose("exec", "--no-interactive", "app", "cat").output.isEmpty)
    }

    @Test func endsAsTheCommandDoes() throws {
        let stack = try started()
        func code(_ words: String...) throws -> Int32 {
            try Program.compose.run(
                ["-f", stack.file, "-p", stack.project, "exec"] + words, environment: stack.environment
            ).exitCode
        }
        #expect(try code("app", "sh", "-c", "exit 7") == 7)
        #expect(try code("app", "sh", "-c", "kill -9 $$") == 137)
        #expect(try code("app", "nothing-of-this-name") == 127)
        #expect(try code("app", "/etc/passwd") == 126)
        // Options behind the service are the command's.
        #expect(try stack.compose("exec", "app", "echo", "-d", "-p", "--help").output == "-d -p --help\n")
    }

    @Test func isInterruptedByControlC() throws {
        let stack = try started()
        let running = try stack.start("exec", "-T", "app", "sh", "-c", "echo here; exec sleep 1000")
        #expect(try running.waitForOutput("here"))
        try running.process.send(.interrupt)
        #expect(try running.finish().exitCode == 130)
        #expect(try stack.row(of: "app-1")["STATE"] == "running")
    }

    @Test func saysWhatIsWrong() throws {
        let stack = try started()
        #expect(try stack.eventually { try stack.row(of: "over-1")["STATE"] == "exited" })
        let problems: [([String], String)] = [
            (["ap", "ls"], "has no service \"ap\"; did you mean \"app\"?"),
            (["over", "ls"], "over-1 is not running: it is done, with exit code 0"),
            (["--index", "3", "app", "ls"], "app has no instance 3: there is 1"),
            (["app"], "no command to run, e.g. gocker-compose exec app sh"),
            (["--nonsense", "app", "ls"], "unknown option \"--nonsense\""),
        ]
        for (words, sentence) in problems {
            let outcome = try Program.compose.run(
                ["-f", stack.file, "-p", stack.project, "exec"] + words, environment: stack.environment)
            #expect(outcome.exitCode == 1)
            #expect(outcome.errors.contains(sentence), "\(outcome)")
        }
        try stack.compose("down")
        #expect(try stack.compose("exec", "app", "ls").errors.contains("is not running; start it with"))
    }

    @Test func leavesNothingBehind() throws {
        let stack = try started()
        #expect(try stack.compose("exec", "-d", "app", "sh", "-c", "(setsid sleep 1000 &) ; sleep 1000").exitCode == 0)
        #expect(try stack.compose("exec", "app", "true").exitCode == 0)
        let leaves = try Self.leaves(of: stack)
        // That of the detached one: it runs.
        #expect(leaves.count == 1, "\(leaves)")
        let script = "for p in $(pidof sleep); do kill $p; done"
        _ = try stack.compose("exec", "app", "sh", "-c", script)
        // The next one takes it away.
        #expect(
            try stack.eventually {
                _ = try stack.compose("exec", "app", "true")
                return try Self.leaves(of: stack).isEmpty
            })
        #expect(try stack.compose("exec", "-d", "app", "sleep", "1000").exitCode == 0)
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    /// The cgroups of commands in a stack's services.
    static func leaves(of stack: StackFixture) throws -> [String] {
        var found: [String] = []
        for stackGroup in try stack.traces().cgroups {
            for instance in try directoryEntries(stackGroup) {
                let names = (try? directoryEntries("\(stackGroup)/\(instance)")) ?? []
                found += names.filter { $0.hasPrefix("exec.") }
            }
        }
        return found
    }

    @Test(.enabled(if: AtTerminal.isUsable, "a terminal to test with needs script(1)"))
    func hasATerminalWhereThereIsOne() throws {
        let stack = try started()
        let outcome = try stack.atTerminal(
            """
            stty cols 132 rows 50
            $COMPOSE exec app sh -c 'tty; stty size; echo $TERM; exit 3'; echo "code $?"
            $COMPOSE exec -T app tty; echo "code $?"
            """)
        #expect(outcome.output.contains("/dev/pts/0\n50 132\nxterm\ncode 3\n"), "\(outcome)")
        #expect(outcome.output.contains("not a tty\ncode 1\n"))
    }

    @Test(.enabled(if: AtTerminal.isUsable, "a terminal to test with needs script(1)"))
    func takesWhatIsTypedAndControlCInside() throws {
        let stack = try started()
        let outcome = try stack.atTerminal(
            #"""
            there() { $COMPOSE exec -T app test -e /tmp/$1 < /dev/null; }
            (until there up; do sleep 0.05; done; printf 'typed\n'
            until there read; do sleep 0.05; done; printf '\003'
            until there done; do sleep 0.05; done) |
            $COMPOSE exec -t app sh -c '
                trap "echo interrupted; : > /tmp/done; exit 130" INT
                : > /tmp/up; read line; echo "read $line"; : > /tmp/read; while :; do sleep 0.02; done'
            """#)
        #expect(outcome.exitCode == 130, "\(outcome)")
        #expect(outcome.output.contains("read typed\n"))
        #expect(outcome.output.contains("interrupted\n"))
    }
}
