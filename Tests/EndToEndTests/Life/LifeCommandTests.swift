import Linux
import Testing

@Suite("Commands for services that there are", .enabled(if: TestFiles.isRoot, "containers need root"))
struct LifeCommandTests {
    private let pair = "services:\n" + StackFixture.sleeper("a") + StackFixture.sleeper("b")

    /// A scenario of Docker Compose's own tests, by its name.
    @Test func rm() throws {
        let stack = try StackFixture(pair)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("rm", "--stop", "--force", "a").exitCode == 0)
        #expect(try stack.states() == ["b-1": "running"])
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.states() == ["a-1": "running", "b-1": "running"])
        #expect(try stack.compose("rm", "--stop", "--force").exitCode == 0)
        #expect(try stack.states() == [:])
    }

    @Test func downOfOneLeavesTheOthersAlone() throws {
        let stack = try StackFixture(pair)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let b = try stack.processID(of: "b-1")
        #expect(try stack.compose("down", "--remove-orphans", "a").exitCode == 0)
        #expect(try stack.states() == ["b-1": "running"])
        #expect(try stack.processID(of: "b-1") == b)
    }

    @Test func pauseStopsOneWhereItIs() throws {
        let stack = try StackFixture(pair)
        // What is not there needs no pause.
        #expect(try stack.compose("create").exitCode == 0)
        #expect(try stack.compose("pause", "a").exitCode == 0)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        #expect(try stack.compose("pause", "a").exitCode == 0)
        let again = try stack.compose("pause", "a")
        #expect(again.exitCode == 1 && again.errors.contains("already paused"))
        let unknown = try stack.compose("pause", "nobody")
        #expect(unknown.exitCode == 1 && unknown.errors.contains("nobody"))
        #expect(try stack.states()["b-1"] == "running")
        #expect(try stack.compose("unpause", "a").exitCode == 0)
        #expect(try stack.states() == ["a-1": "running", "b-1": "running"])
        #expect(try stack.firstProcesses() == before)
    }

    /// Likewise: what has ended is started with its files.
    @Test func restart() throws {
        let stack = try StackFixture(
            """
            services:
              app:
                rootfs: rootfs
                stop_signal: KILL
                command: [sh, -c, "test -e /root/second && exec sleep 600; touch /root/second"]
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.states()["app-1"] == "exited" })
        #expect(try stack.compose("restart").exitCode == 0)
        #expect(try stack.eventually { try stack.states()["app-1"] == "running" })
    }

    @Test func startTakesWhatIsNeededAlongAndNothingElse() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("wanted", "depends_on: [one]")
                + StackFixture.sleeper("one", "depends_on: [two]")
                + StackFixture.sleeper("two") + StackFixture.sleeper("other", "depends_on: [third]")
                + StackFixture.sleeper("third"))
        #expect(try stack.compose("create", "wanted").exitCode == 0)
        #expect(try stack.states() == ["wanted-1": "created", "one-1": "created", "two-1": "created"])
        #expect(try stack.compose("start", "wanted").exitCode == 0)
        #expect(try stack.states() == ["wanted-1": "running", "one-1": "running", "two-1": "running"])
    }

    @Test func containersOfRunAreNobodysBusinessBeforeDown() throws {
        let stack = try StackFixture(pair)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let name = try stack.compose("run", "-d", "b", "sleep", "600").output.filter { !$0.isWhitespace }
        let inside = { try stack.compose("exec", "-T", name, "true").exitCode == 0 }
        #expect(try inside())
        for command in ["stop", "start", "restart"] {
            #expect(try stack.compose(command).exitCode == 0)
            #expect(try inside(), "after \(command)")
        }
        #expect(try stack.states()["a-1"] == "running")
        #expect(try stack.compose("down", "--remove-orphans").exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func aHookRunsBeforeAStopOfItsServiceOnly() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("other")
                + StackFixture.sleeper(
                    "hooked", "volumes: [\".:/here\"]",
                    "pre_stop: [{command: [sh, -c, \"echo before >>/here/hook\"]}]"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("stop", "hooked").exitCode == 0)
        #expect(try readText("\(stack.directory.path)/hook") == "before\n")
        #expect(try stack.states() == ["other-1": "running", "hooked-1": "stopped"])
    }
}
