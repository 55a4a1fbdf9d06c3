import Linux
import Testing

@Suite("What up may leave out and wait for", .enabled(if: TestFiles.isRoot, "containers need root"))
struct UpOptionTests {
    private static let healthy =
        "healthcheck: {test: [CMD, \"true\"], interval: 10m, start_period: 1m, start_interval: 100ms}"

    /// A scenario of Docker Compose's own tests, by its name.
    @Test func upNoDeps() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("foo", "depends_on: [bar]") + StackFixture.sleeper("bar"))
        #expect(try stack.compose("up", "--no-deps", "-d", "foo").exitCode == 0)
        #expect(try stack.states() == ["foo-1": "running"])
    }

    @Test func waitDoesNotWaitForWhatHasEnded() throws {
        let stack = try StackFixture(
            "services:\n  app: {rootfs: rootfs, command: [sh, -c, \"exit 3\"], \(Self.healthy)}\n")
        let outcome = try stack.compose("up", "-d", "--wait", "--wait-timeout", "60")
        #expect(outcome.exitCode == 1)
        #expect(!outcome.errors.contains("not healthy after"), "\(outcome.errors)")
        #expect(try stack.states()["app-1"] == "exited")
    }

    @Test func waitWaitsForWhatIsStartedAgain() throws {
        let stack = try StackFixture(
            "services:\n  app: {rootfs: rootfs, command: [sh, -c, \"[ -e /again ] || { touch /again; exit 3; }; exec sleep 1000\"], "
                + "restart: on-failure, stop_signal: KILL, healthcheck: {test: [CMD, test, -e, /again], interval: 100ms}}\n"
        )
        #expect(try stack.compose("up", "-d", "--wait").exitCode == 0)
        #expect(try stack.states()["app-1"] == "running")
    }

    @Test func whatIsOptionalMayFail() throws {
        let stack = try StackFixture(
            "services:\n"
                + StackFixture.sleeper("app", "depends_on: {bad: {condition: service_healthy, required: false}}")
                + "  bad: {rootfs: rootfs, command: [sh, -c, \"exit 1\"], \(Self.healthy)}\n")
        let up = try stack.compose("up", "-d")
        #expect(try stack.states()["app-1"] == "running", "\(up.errors)")
    }

    @Test func whatIsBoundIsNoChange() throws {
        let stack = try StackFixture("services:\n" + StackFixture.sleeper("app", "volumes: [\".:/here\"]"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        let again = try stack.compose("up", "-d")
        #expect(again.errors == "app-1  running, unchanged\n")
        #expect(try stack.firstProcesses() == before)
    }

    /// A variable of the shell that gets into a definition makes another one of it.
    @Test func aVariableThatChangesMakesItAnew() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("collector", "environment: {TO: \"$BAR\"}")
                + StackFixture.sleeper("app"))
        func up(_ value: String) throws -> Int32 {
            try Program.compose.run(
                ["-f", stack.file, "-p", stack.project, "up", "-d"], environment: stack.environment + ["BAR=\(value)"]
            ).exitCode
        }
        #expect(try up("foo") == 0)
        let before = try stack.firstProcesses()
        #expect(try up("zot") == 0)
        let after = try stack.firstProcesses()
        #expect(after["app-1"] == before["app-1"])
        #expect(after["collector-1"] != nil && after["collector-1"] != before["collector-1"])
    }
}
