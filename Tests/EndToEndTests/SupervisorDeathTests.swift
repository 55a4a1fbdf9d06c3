import Linux
import Testing

@Suite("A supervisor that dies", .enabled(if: TestFiles.isRoot, "containers need root"))
struct SupervisorDeathTests {
    static let yaml = """
        services:
          app: {rootfs: rootfs, command: [sh, -c, "while true; do echo tick; sleep 0.1; done"], stop_signal: KILL}
        """

    /// The supervisor of a stack, found by the lock it holds. See proc(5), /proc/locks.
    static func supervisor(of stack: StackFixture) throws -> ProcessHandle {
        let inode = try FileStatus.of("\(stack.runBase)/\(stack.project).lock").inode
        let line = try #require(
            try readText("/proc/locks").split(separator: "\n").first { $0.contains(":\(inode) ") })
        let fields = line.split(separator: " ")
        return try ProcessHandle(opening: try #require(Int32(fields[4])))
    }

    @Test func theServicesLiveOnAndDownStopsThem() throws {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        try Self.supervisor(of: stack).send(.kill)
        #expect(try stack.eventually { try stack.compose("ps").errors.contains("has died; its services run on") })
        #expect(try stack.row(of: "app-1")["PIDS"] != "-")
        let down = try stack.compose("down")
        #expect(down.exitCode == 0)
        #expect(down.errors.contains("app-1  stopping\napp-1  stopped\n"))
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func theNextSupervisorGoesOnWithTheSameProcessAndLosesNoLine() throws {
        let stack = try StackFixture(
            """
            services:
              app:
                rootfs: rootfs
                stop_signal: KILL
                command: [sh, -c, "i=0; while true; do echo $$i; i=$$((i+1)); sleep 0.02; done"]
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let first = try stack.processID(of: "app-1")
        for _ in 0..<2 {
            try Self.supervisor(of: stack).send(.kill)
            #expect(try stack.eventually { try stack.compose("ps").errors.contains("has died") })
            let up = try stack.compose("up", "-d")
            #expect(up.exitCode == 0)
            #expect(up.errors == "app-1  running, unchanged\n")
            #expect(try stack.processID(of: "app-1") == first)
        }
        let cgroups = try stack.traces().cgroups.filter {
            $0.contains("/pids/") || $0.hasPrefix("/sys/fs/cgroup/gocker")
        }
        #expect(cgroups.count == 1)
        #expect(try directoryEntries(cgroups.first ?? "").filter { $0.hasPrefix("app-1.") }.count == 1)
        #expect(try stack.eventually { try stack.compose("logs").output.split(separator: "\n").count > 20 })
        let lines = try stack.compose("logs", "--tail", "1000").output.split(separator: "\n")
        #expect(lines == lines.indices.map { "app-1  | \($0)" })
    }

    @Test func whatEndedMeanwhileIsRestartedAndCounted() throws {
        let stack = try StackFixture(
            """
            services:
              app: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"]}
              job: {rootfs: rootfs, command: [sh, -c, "sleep 0.5; exit 3"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        try Self.supervisor(of: stack).send(.kill)
        try ProcessHandle(opening: try stack.processID(of: "app-1")).send(.kill)
        #expect(try stack.eventually { try stack.row(of: "app-1")["STATE"] == "lost" })
        #expect(try stack.eventually { try stack.row(of: "job-1")["STATE"] == "lost" })
        #expect(try stack.compose("start", "app").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "app-1")["STATE"] == "running" })
        #expect(try stack.row(of: "app-1")["RESTARTS"] == "1")
        // Nobody restarts it, and nobody knows how it ended.
        #expect(try stack.row(of: "job-1")["STATE"] == "exited")
    }

    @Test func anEndAfterTheAdoptionIsKnownWithItsCode() throws {
        guard let kernel = KernelVersion.running, kernel >= KernelVersion(major: 6, minor: 15) else {
            return print("skipped: only Linux 6.15 and later tell how somebody else's child has ended")
        }
        let stack = try StackFixture(
            """
            services:
              job: {rootfs: rootfs, command: [sh, -c, "trap 'exit 7' USR1; while true; do sleep 0.1; done"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        try Self.supervisor(of: stack).send(.kill)
        #expect(try stack.eventually { try stack.compose("ps").errors.contains("has died") })
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("kill", "-s", "USR1", "job").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "job-1")["STATE"] == "exited" })
        #expect(try stack.row(of: "job-1")["EXIT"] == "7")
    }
}
