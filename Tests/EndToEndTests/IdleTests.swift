import Linux
import Testing

@Suite("A supervisor with nothing to do", .enabled(if: TestFiles.isRoot, "containers need root"))
struct IdleTests {
    /// How often a process has gone to sleep and been woken. See proc(5), /proc/PID/status.
    private func wakeUps(_ process: borrowing ProcessHandle) throws -> [Substring] {
        try readText("/proc/\(process.processID)/status").split(separator: "\n").filter { $0.contains("ctxt_switches") }
    }

    @Test func itIsNeverWoken() throws {
        let stack = try StackFixture(
            """
            services:
              done: {rootfs: rootfs, command: ["true"]}
              quiet: {rootfs: rootfs, command: [sleep, "600"], stop_signal: KILL}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "done-1")["STATE"] == "exited" })
        let supervisor = try SupervisorDeathTests.supervisor(of: stack)
        // What follows the last event, such as the state on disk, is over soon.
        var before = try wakeUps(supervisor)
        #expect(
            try stack.eventually {
                let last = before
                _ = try Poller().wait(timeout: .milliseconds(500))
                before = try wakeUps(supervisor)
                return before == last
            })
        _ = try Poller().wait(timeout: .seconds(1))
        #expect(try wakeUps(supervisor) == before)
    }
}
