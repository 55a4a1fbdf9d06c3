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

    @Test func theServicesLiveOnAndDownTakesThemAway() throws {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        try Self.supervisor(of: stack).send(.kill)
        #expect(try stack.eventually { try stack.compose("ps").errors.contains("has died; its services run on") })
        #expect(try stack.row(of: "app-1")["PIDS"] != "-")
        let down = try stack.compose("down")
        #expect(down.exitCode == 0)
        #expect(down.errors.contains("app-1  was running without a supervisor, and has been stopped"))
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func upAgainNeverStartsASecondCopy() throws {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let first = try stack.row(of: "app-1")
        try Self.supervisor(of: stack).send(.kill)
        #expect(try stack.eventually { try stack.compose("ps").errors.contains("has died") })
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(first["STATE"] == "running")
        let cgroups = try stack.traces().cgroups.filter {
            $0.contains("/pids/") || $0.hasPrefix("/sys/fs/cgroup/gocker")
        }
        #expect(cgroups.count == 1)
        #expect(try directoryEntries(cgroups.first ?? "").filter { $0.hasPrefix("app-1.") }.count == 1)
    }
}
