import Linux
import Testing

@Suite("gocker-compose up and down", .enabled(if: TestFiles.isRoot, "containers need root"))
struct UpDownTests {
    static let steady = """
        services:
          a:
            rootfs: rootfs
            command: [sh, -c, "trap 'exit 0' TERM; echo hello from $$(hostname); while true; do sleep 60 & wait; done"]
          b:
            rootfs: rootfs
            depends_on: [a]
            command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 60 & wait; done"]

        """

    @Test func upDetachedReturnsOnceEverythingRunsAndDownLeavesNothing() throws {
        let stack = try StackFixture(Self.steady)
        let before = try stack.traces()
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 0)
        #expect(up.errors == "a-1  started\nb-1  started\n")
        #expect(try stack.row(of: "a-1")["STATE"] == "running")
        #expect(try stack.row(of: "b-1")["STATE"] == "running")

        let down = try stack.compose("down")
        #expect(down.exitCode == 0)
        #expect(down.errors.hasPrefix("b-1  stopping\nb-1  stopped\na-1  stopping\na-1  stopped\n"))
        #expect(try stack.traces() == before)
        #expect((try? FileStatus.of(stack.runBase)) == nil)
    }

    @Test func roundsOfUpAndDownLeaveTheMachineAsItWas() throws {
        let stack = try StackFixture(Self.steady)
        let before = try stack.traces()
        for _ in 0..<20 {
            #expect(try stack.compose("up", "-d").exitCode == 0)
            #expect(try stack.compose("down").exitCode == 0)
        }
        #expect(try stack.traces() == before)
    }

    @Test func attachedUpShowsOutputAndStopsInOrderOnInterrupt() throws {
        let stack = try StackFixture(Self.steady)
        let up = try stack.start("up")
        #expect(try up.waitForOutput("a-1  | hello from a\n"))
        #expect(try up.waitForErrors("b-1  started"))
        try up.process.send(.interrupt)
        let outcome = try up.finish()
        #expect(outcome.exitCode == 130)
        let order = ["b-1  stopping", "b-1  stopped", "a-1  stopping", "a-1  stopped"]
        #expect(outcome.errors.split(separator: "\n").map(String.init).filter { order.contains($0) } == order)
        #expect(try stack.row(of: "a-1")["STATE"] == "stopped")
    }

    @Test func aSecondInterruptKillsWhatDoesNotStop() throws {
        let stack = try StackFixture(
            """
            services:
              deaf: {rootfs: rootfs, stop_grace_period: 60s, command: [sh, -c, "trap '' TERM; echo up; sleep 600"]}
            """)
        let up = try stack.start("up")
        #expect(try up.waitForOutput("up"))
        try up.process.send(.interrupt)
        #expect(try up.waitForErrors("deaf-1  stopping"))
        try up.process.send(.interrupt)
        let outcome = try up.finish(timeout: .seconds(10))
        #expect(outcome.exitCode == 130)
    }

    @Test func aServiceThatDoesNotStopIsKilledAfterItsGracePeriodWithAllItStarted() throws {
        let stack = try StackFixture(
            """
            services:
              deaf:
                rootfs: rootfs
                stop_grace_period: 300ms
                command: [sh, -c, "trap '' TERM; (setsid sleep 600 &) ; sleep 600"]
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { Int(try stack.row(of: "deaf-1")["PIDS"] ?? "") ?? 0 >= 2 })
        let down = try stack.compose("down")
        #expect(down.errors.contains("deaf-1  killed: it did not stop in time"))
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func attachedUpEndsWithTheLastService() throws {
        let stack = try StackFixture(
            """
            services:
              one: {rootfs: rootfs, command: [echo, one]}
              two: {rootfs: rootfs, command: [sh, -c, "echo two >&2; exit 4"]}
            """)
        let outcome = try stack.compose("up")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output == "one-1  | one\n")
        #expect(outcome.errors.contains("two-1  | two\n"))
        #expect(outcome.errors.contains("two-1  exited with code 4\n"))
        #expect(try stack.compose("logs").output == "one-1  | one\n")
    }

    @Test func aServiceThatCannotStartFailsTheCommandWithItsReason() throws {
        let stack = try StackFixture(
            """
            services:
              bad: {rootfs: rootfs, command: [sh], user: nosuchuser}
              late: {rootfs: rootfs, command: [sleep, "600"], depends_on: [bad]}
            """)
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 1)
        #expect(up.errors.contains("bad-1   failed: no user \"nosuchuser\" in the container's /etc/passwd"))
        #expect(up.errors.contains("late-1  failed: bad-1, which it depends on, failed"))
    }

    @Test func upAgainLeavesUnchangedServicesAloneAndRecreatesChangedOnes() throws {
        let stack = try StackFixture(
            Self.steady + "  c: {rootfs: rootfs, command: [sleep, \"600\"], stop_signal: KILL}\n")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try ["a-1", "b-1"].map(stack.processID)
        try stack.write(Self.steady.replacing("hello from", with: "greetings from"))
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 0)
        #expect(up.errors.contains("a-1  changed, is recreated\n"))
        #expect(up.errors.contains("b-1  running, unchanged\n"))
        #expect(up.errors.contains("c-1  is not in the stack file any more"))
        let after = try ["a-1", "b-1"].map(stack.processID)
        #expect(after[0] != before[0])
        #expect(after[1] == before[1])
        #expect(try stack.eventually { try stack.compose("logs", "a").output.contains("greetings from a") })
    }

    @Test func servicesShareARootFileSystemAndNoneChangesIt() throws {
        let stack = try StackFixture(
            """
            services:
              writer: {rootfs: rootfs, command: [sh, -c, "echo mine >/home/file; cat /home/file"]}
              reader: {rootfs: rootfs, depends_on: [writer], command: [sh, -c, "sleep 0.2; ls /home | wc -l"]}
            """)
        let outcome = try stack.compose("up")
        #expect(outcome.output.split(separator: "\n").sorted() == ["reader-1  | 0", "writer-1  | mine"])
        #expect((try? FileStatus.of("\(TestFiles.rootfs)/home/file")) == nil)
    }
}
