import Linux
import Testing

@Suite("Hooks before a start", .enabled(if: TestFiles.isRoot, "containers need root"))
struct PreStartHookTests {
    /// A service that sees the stack's directory as `/here`, with hooks before its start.
    private static func yaml(
        _ hooks: String, command: String = "exec sleep 600", keys: String = "", version: String = "1"
    ) -> String {
        """
        services:
          sample:
            rootfs: rootfs
            stop_signal: KILL
            environment: {VERSION: "\(version)"}
            volumes: [".:/here", "data:/shared"]
            command: [sh, -c, "\(command)"]
            pre_start: \(hooks)
            \(keys)
        volumes: {data: {}}

        """
    }

    private func said(_ stack: StackFixture) -> String? { try? readText("\(stack.directory.path)/said") }

    private static let waiting =
        "[{command: [sh, -c, 'echo hook >>/here/said; while ! test -e /here/go; do sleep 0.05; done']}]"

    // MARK: What the scenarios of Docker Compose say, by their names

    @Test func preStartHookSuccess() throws {
        let stack = try StackFixture(
            Self.yaml(
                "[{command: [sh, -c, 'echo initialized >/shared/init']}]", command: "cat /shared/init; exec sleep 600"))
        #expect(try stack.compose("up", "-d", "--wait").exitCode == 0)
        #expect(try stack.eventually { try stack.compose("logs", "sample").output.contains("initialized") })
        #expect(try stack.compose("down", "-v").exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func preStartHookInError() throws {
        let stack = try StackFixture(Self.yaml("[{command: [sh, -c, 'echo why >&2; exit 17']}]"))
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 1)
        #expect(
            up.errors.contains("sample-1  failed: pre_start: sh -c echo why >&2; exit 17 exited with code 17"), "\(up)")
        #expect(try stack.states() == ["sample-1": "failed"])
        #expect(try stack.compose("logs", "sample").errors == "sample-1  | why\n")
        #expect(try stack.firstProcesses().isEmpty)
    }

    @Test func preStartHookIdempotentReUp() throws {
        let stack = try StackFixture(Self.yaml("[{command: [sh, -c, 'echo hook >>/here/said']}]"))
        #expect(try stack.compose("up", "-d", "--wait").exitCode == 0)
        let first = try stack.processID(of: "sample-1")
        #expect(try stack.compose("up", "-d", "--wait").exitCode == 0)
        #expect(try stack.processID(of: "sample-1") == first)
        // Nor is one that is only started again made ready anew, whoever starts it.
        for command in [["restart"], ["stop"], ["start"], ["stop"], ["up", "-d"]] {
            let outcome = try Program.compose.run(
                ["-f", stack.file, "-p", stack.project] + command, environment: stack.environment)
            #expect(outcome.exitCode == 0, "\(command): \(outcome)")
        }
        try stack.killSupervisor()
        #expect(try stack.compose("restart").exitCode == 0)
        #expect(said(stack) == "hook\n")
        #expect(try stack.compose("up", "-d", "--force-recreate").exitCode == 0)
        #expect(said(stack) == "hook\nhook\n")
    }

    @Test func preStartHookReRunOnSpecChange() throws {
        let hook = "[{command: [sh, -c, 'echo $$VERSION >>/here/said']}]"
        let stack = try StackFixture(Self.yaml(hook))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        try stack.write(Self.yaml(hook, version: "2"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(said(stack) == "1\n2\n")
    }

    @Test func preStartHookSequentialOrder() throws {
        let stack = try StackFixture(
            Self.yaml(
                "[{command: [sh, -c, 'sleep 0.3; echo a >>/here/said']}, {command: [sh, -c, 'echo b >>/here/said']}]",
                command: "echo c >>/here/said; exec sleep 600"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { said(stack) == "a\nb\nc\n" }, "\(said(stack) ?? "")")
    }

    @Test func preStartHookRunsOnceForScaledService() throws {
        let hooks =
            "[{command: [sh, -c, 'sleep 0.2; echo all >>/here/said']}, {command: [sh, -c, 'echo each >>/here/said'], per_replica: true}]"
        let stack = try StackFixture(Self.yaml(hooks, keys: "deploy: {replicas: 3, update_config: {parallelism: 1}}"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(said(stack) == "all\neach\neach\neach\n")
        #expect(try stack.compose("up", "-d", "--scale", "sample=4").exitCode == 0)
        #expect(said(stack) == "all\neach\neach\neach\neach\n")
        #expect(try stack.compose("up", "-d", "--force-recreate").exitCode == 0)
        let lines = (said(stack) ?? "").split(separator: "\n")
        #expect(lines.filter { $0 == "all" }.count == 2)
        #expect(lines.count == 9)
    }

    // MARK: What they do not say

    @Test func oneThatFailsForAllFailsAllAndIsTriedAgainByTheNextUp() throws {
        let stack = try StackFixture(
            Self.yaml("[{command: [sh, -c, 'echo hook >>/here/said; test -e /here/go']}]", keys: "scale: 3"))
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 1)
        #expect(said(stack) == "hook\n")
        #expect(try stack.states() == ["sample-1": "failed", "sample-2": "failed", "sample-3": "failed"])
        try stack.directory.write("go", "")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(said(stack) == "hook\nhook\n")
        #expect(Set(try stack.states().values) == ["running"])
    }

    @Test func itIsAContainerOfItsOwnWithWhatItSaysItself() throws {
        let stack = try StackFixture(
            Self.yaml(
                """

                      - command: [sh, -c, 'umask 0; touch /tmp/left; echo "$$(id -u) $$(pwd) $$A $$VERSION $$$$" >/here/said']
                        user: "1000"
                        working_dir: /tmp
                        environment: {A: b}
                      - {command: [sh, -c, 'grep CapEff /proc/self/status >>/here/said'], privileged: true}
                      - {command: [sh, -c, 'test -e /tmp/left && echo left >>/here/said; id -u >>/here/said'], x-gocker: {rootfs: {path: rootfs}}}
                """, command: "test ! -e /tmp/left && exec sleep 600", keys: "user: \"1001\""))
        try FileDescriptor.open(stack.directory.path, .directory).setMode(0o777)
        let up = try stack.compose("up", "-d", "--wait")
        #expect(up.exitCode == 0, "\(up)")
        let lines = (said(stack) ?? "").split(separator: "\n").map(String.init)
        #expect(lines.first == "1000 /tmp b 1 1")
        #expect(lines.last == "0", "a root file system of its own has its own users: \(lines)")
        #expect(!lines.contains("left"))
    }

    @Test func aStopEndsItAndIsNotWaitedForByOthers() throws {
        let stack = try StackFixture(Self.yaml(Self.waiting, keys: "scale: 2"))
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { said(stack) == "hook\n" })
        #expect(Set(try stack.states().values) == ["starting"])
        // Nobody gets into what is not the service yet.
        #expect(try stack.compose("exec", "-T", "sample", "true").exitCode != 0)
        #expect(try stack.compose("stop", timeout: .seconds(20)).exitCode == 0)
        #expect(try stack.states() == ["sample-1": "created", "sample-2": "created"])
        #expect(try stack.firstProcesses().isEmpty)
        _ = try up.finish()
        let again = try stack.start("up", "-d")
        #expect(try stack.eventually { said(stack) == "hook\nhook\n" })
        #expect(try stack.compose("down", timeout: .seconds(20)).exitCode == 0)
        _ = try again.finish()
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func theNextInstanceHasAGoWhereOneIsStopped() throws {
        let stack = try StackFixture(Self.yaml(Self.waiting, keys: "scale: 2"))
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { said(stack) == "hook\n" })
        #expect(try stack.compose("stop", "sample-1").exitCode == 0)
        #expect(try stack.eventually { said(stack) == "hook\nhook\n" })
        try stack.directory.write("go", "")
        #expect(try up.finish().exitCode == 0)
        #expect(try stack.states() == ["sample-1": "created", "sample-2": "running"])
        #expect(try stack.compose("start").exitCode == 0)
        #expect(said(stack) == "hook\nhook\n")
    }

    @Test func itGoesOnAfterTheSupervisorsDeath() throws {
        let stack = try StackFixture(Self.yaml(Self.waiting, keys: "scale: 2"))
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { said(stack) == "hook\n" })
        let hook = try stack.firstProcesses()
        try stack.killSupervisor()
        _ = try up.finish()
        let again = try stack.start("up", "-d")
        #expect(try stack.eventually { try stack.compose("ps").errors.contains("has died") == false })
        #expect(try stack.firstProcesses() == hook)
        #expect(Set(try stack.states().values) == ["starting"])
        try stack.directory.write("go", "")
        #expect(try again.finish().exitCode == 0)
        #expect(try stack.firstProcesses().mapValues(\.count) == ["sample-1": 1, "sample-2": 1])
        // Where the kernel does not tell how it ended it is run once more.
        let tells = KernelVersion.running.map { $0 >= KernelVersion(major: 6, minor: 15) } == true
        #expect(said(stack) == (tells ? "hook\n" : "hook\nhook\n"))
    }

    @Test func oneThatEndedUnseenIsRunAgain() throws {
        let stack = try StackFixture(Self.yaml(Self.waiting))
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { said(stack) == "hook\n" })
        try stack.killSupervisor()
        _ = try up.finish()
        try stack.directory.write("go", "")
        #expect(try stack.eventually { try stack.firstProcesses().isEmpty })
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(said(stack) == "hook\nhook\n")
        #expect(try stack.states() == ["sample-1": "running"])
    }
}
