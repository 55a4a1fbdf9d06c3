import Linux
import Testing

@Suite("Services of a profile", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ProfileTests {
    private let yaml =
        "services:\n" + StackFixture.sleeper("regular") + StackFixture.sleeper("special", "profiles: [extra]")

    @Test func areTakenAlongByEveryCommandThatNamesIt() throws {
        let stack = try StackFixture(yaml)
        for (command, state) in [("up", "running"), ("stop", "stopped"), ("start", "running"), ("restart", "running")] {
            let arguments = command == "up" ? [command, "-d"] : [command]
            let outcome = try Program.compose.run(
                ["-f", stack.file, "-p", stack.project, "--profile", "extra"] + arguments,
                environment: stack.environment)
            #expect(outcome.exitCode == 0, "\(command)")
            #expect(try stack.states() == ["regular-1": state, "special-1": state], "\(command)")
        }
        #expect(try stack.compose(options: ["--profile", "extra"], "down").exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func areNeverMadeWithoutIt() throws {
        let stack = try StackFixture(yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        for (command, state) in [("stop", "stopped"), ("start", "running"), ("restart", "running")] {
            #expect(try stack.compose(command).exitCode == 0)
            #expect(try stack.states() == ["regular-1": state], "\(command)")
        }
    }

    @Test func comeByTheFileOfVariables() throws {
        let stack = try StackFixture(yaml)
        try stack.directory.write(".env", "COMPOSE_PROFILES=extra\n")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.states() == ["regular-1": "running", "special-1": "running"])
    }

    @Test func areStartedAloneWithWhatTheyNeedWhereTheyAreNamed() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("foo", "profiles: [x]", "depends_on: [db]")
                + StackFixture.sleeper("bar", "profiles: [x]") + StackFixture.sleeper("db"))
        #expect(try stack.compose("up", "-d", "foo").exitCode == 0)
        #expect(try stack.states() == ["foo-1": "running", "db-1": "running"])
    }

    @Test func thatAreOptionalAreNotNeeded() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("bar", "profiles: [x]")
                + "  foo: {rootfs: rootfs, command: [echo, foo], depends_on: {bar: {condition: service_started, required: false}}}\n"
        )
        let outcome = try stack.compose("run", "--rm", "foo")
        #expect(outcome.output == "foo\n", "\(outcome.errors)")
        #expect(try stack.states()["bar-1"] == nil)
    }
}
