import Linux
import Testing

@Suite("Restarts", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RestartTests {
    @Test func theLimitOfOnFailureIsKept() throws {
        let stack = try StackFixture(
            """
            services:
              limited: {rootfs: rootfs, restart: "on-failure:2", command: [sh, -c, "echo attempt; exit 7"]}
            """)
        let outcome = try stack.compose("up")
        #expect(outcome.output == String(repeating: "limited-1  | attempt\n", count: 3))
        let row = try stack.row(of: "limited-1")
        #expect(row["STATE"] == "exited")
        #expect(row["EXIT"] == "7")
        #expect(row["RESTARTS"] == "2")
    }

    @Test func aServiceKilledFromOutsideIsStartedAgainWithItsFiles() throws {
        let stack = try StackFixture(
            """
            services:
              app:
                rootfs: rootfs
                restart: always
                stop_signal: KILL
                command: [sh, -c, "echo run >>/root/runs; wc -l </root/runs; exec sleep 600"]
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.compose("logs").output == "app-1  | 1\n" })
        try ProcessHandle(opening: try stack.processID(of: "app-1")).send(.kill)
        #expect(try stack.eventually { try stack.compose("logs").output == "app-1  | 1\napp-1  | 2\n" })
        #expect(try stack.row(of: "app-1")["RESTARTS"] == "1")
    }

    @Test func beingOutOfMemoryIsShown() throws {
        let stack = try StackFixture(
            """
            services:
              hungry:
                rootfs: rootfs
                mem_limit: 8m
                command: [sh, -c, "x=a; while true; do x=$$x$$x; done"]
            """)
        try stack.compose("up")
        let row = try stack.row(of: "hungry-1")
        #expect(row["OOM"] == "yes")
        #expect(row["EXIT"] == "SIGKILL")
    }
}
