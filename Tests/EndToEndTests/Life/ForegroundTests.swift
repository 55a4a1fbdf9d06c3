import Linux
import Testing

@Suite("up in the foreground", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ForegroundTests {
    @Test func goesOnAfterASuccessAndEndsWithTheFirstFailure() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("runs")
                + """
                  good: {rootfs: rootfs, command: [sh, -c, "exit 0"]}
                  bad: {rootfs: rootfs, command: [sh, -c, "sleep 0.5; exit 111"]}

                """)
        let outcome = try stack.compose("up", "--abort-on-container-failure")
        #expect(outcome.exitCode == 111)
        #expect(outcome.errors.contains("good-1  exited with code 0"))
        #expect(outcome.errors.contains("bad-1   exited with code 111"))
        #expect(try stack.states()["runs-1"] == "stopped")
    }

    @Test func endsAsTheServiceThatIsNamed() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("needed")
                + "  tests: {rootfs: rootfs, depends_on: [needed], command: [sh, -c, \"exit 42\"]}\n"
                + "  other: {rootfs: rootfs, command: [sh, -c, \"exit 1\"]}\n")
        #expect(try stack.compose("up", "--exit-code-from", "tests", "tests").exitCode == 42)
        let states = try stack.states()
        #expect(states["other-1"] == nil)
        #expect(states["needed-1"] == "stopped", "\(states)")
    }

    /// What a service prints while the others stop, its hooks too, is shown to the last line.
    @Test func showsWhatIsPrintedWhileItStops() throws {
        let stack = try StackFixture(
            """
            services:
              first: {rootfs: rootfs, command: [sh, -c, "sleep 0.5"]}
              second:
                rootfs: rootfs
                command: [sh, -c, "trap 'sleep 0.5; echo last words; exit 0' TERM; echo first words; while true; do sleep 9 & wait; done"]
                pre_stop: [{command: [sh, -c, "echo hook >/proc/1/fd/1"]}]
            """)
        let outcome = try stack.compose("up", "--abort-on-container-exit")
        #expect(outcome.exitCode == 0)
        for text in ["first words", "hook", "last words"] { #expect(outcome.output.contains("second-1  | \(text)\n")) }
        #expect(outcome.errors.contains("second-1  stopped"))
    }

    @Test func endsWithTheServiceThatIsNamedWhereWhatItNeedsIsShownToo() throws {
        let stack = try StackFixture(
            """
            services:
              app: {rootfs: rootfs, depends_on: [db], command: [sh, -c, "sleep 0.3; echo app"]}
              db: {rootfs: rootfs, command: [sh, -c, "echo db"]}
            """)
        let outcome = try stack.compose("up", "--attach-dependencies", "app")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("| db\n") && outcome.output.contains("| app\n"))
        #expect(outcome.errors.contains("app-1  exited with code 0"))
    }
}
