import Linux
import Testing

/// More scenarios of Docker Compose's own tests, by their names: what comes up, goes on and goes away.
@Suite("Scenarios of Docker Compose: coming and going", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ComposeLifeScenarioTests {
    private static let one = "services:\n" + StackFixture.sleeper("a")

    // MARK: up in the foreground

    @Test func cascadeFail() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("stays")
                + """
                  good:
                    rootfs: rootfs
                    command: ["true"]
                    depends_on: {stays: {condition: service_started}}
                  bad:
                    rootfs: rootfs
                    command: [sh, -c, "exit 111"]
                    depends_on: {good: {condition: service_completed_successfully}}

                """)
        let up = try stack.compose("up", "--abort-on-container-failure")
        #expect(up.exitCode == 111)
        #expect(up.errors.contains("good-1   exited with code 0\n"), "\(up.errors)")
        #expect(up.errors.contains("bad-1    exited with code 111\n"), "\(up.errors)")
        #expect(try stack.states() == ["stays-1": "stopped", "good-1": "exited", "bad-1": "exited"])
    }

    @Test func stopWithDependenciesAttached() throws {
        let stack = try StackFixture(
            "services:\n  foo: {rootfs: rootfs, command: [echo, hi], depends_on: [bar]}\n"
                + StackFixture.sleeper("bar"))
        let up = try stack.compose("up", "--attach-dependencies", "foo", "--menu=false")
        #expect(up.exitCode == 0)
        #expect(up.errors.contains("foo-1  exited with code 0\n"), "\(up.errors)")
        #expect(try stack.states() == ["foo-1": "exited", "bar-1": "running"])
    }

    @Test func upExitCodeFrom() throws {
        let stack = try StackFixture(
            "services:\n  fails: {rootfs: rootfs, command: [sh, -c, \"sleep 0.5; exit 42\"]}\n"
                + StackFixture.sleeper("safe") + StackFixture.sleeper("long", "depends_on: [safe]"))
        let up = try stack.compose("up", "--menu=false", "--exit-code-from=fails", "fails")
        #expect(up.exitCode == 42, "\(up)")
        #expect(try stack.states() == ["fails-1": "exited"])
    }

    @Test func upStopWithLogsMixed() throws {
        let stack = try StackFixture(
            """
            services:
              short: {rootfs: rootfs, command: [sleep, "0.5"]}
              talks:
                rootfs: rootfs
                stop_signal: KILL
                command: [sh, -c, "while true; do echo goes on; sleep 0.1; done"]
                pre_stop: [{command: [echo, words of the hook]}]
            """)
        let up = try stack.compose("up", "--abort-on-container-exit")
        #expect(up.exitCode == 0)
        #expect(up.errors.contains("talks-1  stopped\n"), "\(up.errors)")
        #expect(up.output.contains("talks-1  | goes on\n"), "\(up.output)")
        #expect(up.output.contains("words of the hook\n"), "\(up.output)")
    }

    // MARK: up

    @Test func upWaitTimeout() throws {
        let check = "healthcheck: {test: [CMD, \"false\"], interval: 100ms, retries: 3, start_period: 120s}"
        let stack = try StackFixture("services:\n" + StackFixture.sleeper("app", check))
        let up = try stack.compose("up", "--wait", "--wait-timeout", "1", "-d")
        #expect(up.exitCode == 1)
        #expect(up.errors.contains("application not healthy after 1s"), "\(up.errors)")
        #expect(try stack.states() == ["app-1": "running"])
    }

    @Test func recreateWithNoDeps() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("mine", "depends_on: {dep: {condition: service_healthy}}")
                + StackFixture.sleeper(
                    "dep", "healthcheck: {test: \"true\", interval: 200ms, timeout: 5s, retries: 10}"))
        #expect(try stack.compose("up", "-d", "--wait").exitCode == 0)
        #expect(try stack.row(of: "dep-1")["HEALTH"] == "healthy")
        let before = try stack.firstProcesses()
        #expect(try stack.compose("up", "-d", "--force-recreate", "--no-deps", "mine").exitCode == 0)
        #expect(try stack.states() == ["mine-1": "running", "dep-1": "running"])
        let after = try stack.firstProcesses()
        #expect(after["dep-1"] == before["dep-1"])
        #expect(after["mine-1"]?.isDisjoint(with: before["mine-1"] ?? []) == true)
    }

    /// Nobody ever finds out how the other one is.
    @Test func upWithDependencyNotRequired() throws {
        let stack = try StackFixture(
            """
            services:
              foo:
                rootfs: rootfs
                command: [echo, foo]
                depends_on: {bar: {required: false, condition: service_healthy}}

            """ + StackFixture.sleeper("bar", "profiles: [extra]"))
        let up = try stack.compose(options: ["--profile", "extra"], "up", "-d")
        #expect(up.exitCode == 0, "\(up)")
        #expect(up.errors.contains("foo-1  started"), "\(up.errors)")
        #expect(up.errors.contains("optional dependency \"bar\" failed to start"), "\(up.errors)")
    }

    // MARK: hooks

    @Test func postStartHookSuccess() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("test", "post_start: [{command: sh -c 'echo env >/root/mark'}]"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.states() == ["test-1": "running"])
        #expect(try stack.compose("exec", "-T", "test", "cat", "/root/mark").output == "env\n")
    }

    private static let hooked =
        StackFixture.sleeper(
            "sample", "volumes: ['data:/data']", "pre_stop: [{command: sh -c 'echo \"at the end\" >>/data/log'}]")

    @Test func preStopHookSuccess() throws {
        let stack = try StackFixture("services:\n" + Self.hooked + "volumes: {data: {}}\n")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("stop").exitCode == 0)
        #expect(try stack.states() == ["sample-1": "stopped"])
        #expect(try stack.compose("run", "--rm", "-T", "sample", "cat", "/data/log").output == "at the end\n")
        #expect(try stack.compose("down", "-v").exitCode == 0)
    }

    @Test func preStopHookSuccessWithPreviousStop() throws {
        let stack = try StackFixture(
            "services:\n" + Self.hooked + StackFixture.sleeper("test", "post_start: [{command: sh -c 'echo env'}]")
                + "volumes: {data: {}}\n")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.states() == ["sample-1": "running", "test-1": "running"])
        let stop = try stack.compose("stop", "sample")
        #expect(stop.exitCode == 0 && stop.errors.contains("sample-1  stopping: pre_stop hooks run\n"), "\(stop)")
        #expect(try stack.states() == ["sample-1": "stopped", "test-1": "running"])
        #expect(try stack.compose("down", "-v").exitCode == 0)
    }

    // MARK: pause

    @Test func pauseServiceNotRunning() throws {
        let stack = try StackFixture(Self.one + StackFixture.sleeper("b"))
        // Whether another one runs or not.
        for _ in 1...2 {
            let pause = try stack.compose("pause", "a")
            #expect(pause.exitCode == 0, "\(pause)")
            #expect(try stack.compose("up", "-d", "b").exitCode == 0)
        }
        #expect(try stack.states() == ["b-1": "running"])
    }

    @Test func pauseServiceAlreadyPaused() throws {
        let stack = try StackFixture(Self.one)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("pause", "a").exitCode == 0)
        #expect(try stack.states() == ["a-1": "paused"])
        #expect(try stack.compose("ps", "--status", "paused", "-q").output == "a-1\n")
        let again = try stack.compose("pause", "a")
        #expect(again.exitCode == 1 && again.errors.contains("already paused"), "\(again)")
    }

    @Test func pauseServiceDoesNotExist() throws {
        let stack = try StackFixture(Self.one)
        // Whether anything of the stack runs or not.
        for _ in 1...2 {
            let pause = try stack.compose("pause", "does_not_exist")
            #expect(pause.exitCode == 1 && pause.errors.contains("no such service: does_not_exist"), "\(pause)")
            #expect(try stack.compose("up", "-d").exitCode == 0)
        }
    }

    // MARK: scale

    private static let scaled =
        "services:\n" + StackFixture.sleeper("back", "depends_on: [db]")
        + StackFixture.sleeper("db", "environment: [MAYBE]") + StackFixture.sleeper("front", "deploy: {replicas: 2}")
        + StackFixture.sleeper("admin", "deploy: {replicas: 0}")

    @Test func scaleBasicCases() throws {
        let stack = try StackFixture(Self.scaled)
        func running() throws -> [String] { try stack.states().filter { $0.value == "running" }.keys.sorted() }
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try running() == ["back-1", "db-1", "front-1", "front-2"])
        #expect(try stack.compose("scale", "admin=2").exitCode == 0)
        #expect(try running() == ["admin-1", "admin-2", "back-1", "db-1", "front-1", "front-2"])
        let kept = try stack.firstProcesses()["admin-1"]
        #expect(try stack.compose("scale", "front=3", "back=2").exitCode == 0)
        #expect(
            try running() == [
                "admin-1", "admin-2", "back-1", "back-2", "db-1", "front-1", "front-2", "front-3",
            ])
        #expect(try stack.compose("scale", "admin=1").exitCode == 0)
        #expect(try running() == ["admin-1", "back-1", "back-2", "db-1", "front-1", "front-2", "front-3"])
        #expect(try stack.firstProcesses()["admin-1"] == kept)
        #expect(try stack.compose("scale", "admin=0").exitCode == 0)
        #expect(try stack.states().keys.filter { $0.hasPrefix("admin") } == [])
        #expect(try stack.compose("scale", "front=2", "back=1").exitCode == 0)
        #expect(try stack.states().keys.sorted() == ["back-1", "db-1", "front-1", "front-2"])
    }

    @Test func scaleUpAndDownPreserveContainerNumber() throws {
        let stack = try StackFixture(Self.scaled)
        for (count, expected) in [(2, ["db-1", "db-2"]), (1, ["db-1"]), (2, ["db-1", "db-2"])] {
            #expect(try stack.compose("up", "-d", "--scale", "db=\(count)", "db").exitCode == 0)
            #expect(try stack.states().keys.sorted() == expected)
        }
    }

    @Test func scaleDownRemovesObsolete() throws {
        let stack = try StackFixture(Self.scaled)
        #expect(try stack.compose("up", "-d", "db").exitCode == 0)
        #expect(try stack.states().keys.sorted() == ["db-1"])
        for (count, expected) in [(2, ["db-1", "db-2"]), (1, ["db-1"])] {
            let up = try Program.compose.run(
                ["-f", stack.file, "-p", stack.project, "up", "-d", "--scale", "db=\(count)", "db"],
                environment: stack.environment + ["MAYBE=value"])
            #expect(up.exitCode == 0, "\(up)")
            #expect(try stack.states().keys.sorted() == expected)
        }
        #expect(try stack.compose("exec", "-T", "db", "env").output.contains("MAYBE=value\n"))
    }

    /// A definition that has changed is what an image that was built again is elsewhere.
    @Test func scaleDownNoRecreate() throws {
        func yaml(_ version: String) -> String {
            "services:\n" + StackFixture.sleeper("test", "environment: {FOO: \(version)}")
        }
        let stack = try StackFixture(yaml("test"))
        #expect(try stack.compose("up", "-d", "--scale", "test=2").exitCode == 0)
        let stale = try stack.firstProcesses()
        #expect(stale.keys.sorted() == ["test-1", "test-2"])
        try stack.write(yaml("updated"))
        #expect(try stack.compose("up", "-d", "--scale", "test=4", "--no-recreate").exitCode == 0)
        let all = try stack.firstProcesses()
        #expect(all.keys.sorted() == ["test-1", "test-2", "test-3", "test-4"])
        #expect(all.filter { stale.keys.contains($0.key) } == stale)
        #expect(try stack.compose("up", "-d", "--scale", "test=2").exitCode == 0)
        #expect(try stack.firstProcesses() == all.filter { !stale.keys.contains($0.key) })
    }

    // MARK: start, stop, down

    @Test func startStopWithOneOffs() throws {
        let stack = try StackFixture("services:\n" + StackFixture.sleeper("foo") + StackFixture.sleeper("bar"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        let run = try stack.compose("run", "-d", "bar", "sleep", "600")
        #expect(run.exitCode == 0)
        let oneOff = run.output.filter { !$0.isWhitespace }
        let inside = try stack.firstProcesses().filter { before[$0.key] == nil }
        #expect(inside.values.map(\.count) == [1], "\(inside)")
        func states() throws -> [String: String] {
            let states = try stack.states()
            #expect(states[oneOff] == "running")
            #expect(try stack.firstProcesses().filter { inside[$0.key] != nil } == inside)
            return states.filter { $0.key != oneOff }
        }
        let running = ["foo-1": "running", "bar-1": "running"]
        #expect(try states() == running)
        #expect(try stack.firstProcesses().filter { before[$0.key] != nil } == before)
        #expect(try stack.compose("stop").exitCode == 0)
        #expect(try states() == ["foo-1": "stopped", "bar-1": "stopped"])
        #expect(try stack.compose("start").exitCode == 0)
        #expect(try states() == running)
        let started = try stack.firstProcesses()
        #expect(try stack.compose("restart").exitCode == 0)
        #expect(try states() == running)
        for name in running.keys { #expect(try stack.firstProcesses()[name] != started[name]) }
        #expect(try stack.compose("down", "--remove-orphans").exitCode == 0)
        #expect(try stack.states() == [:])
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func startSingleServiceAndDependency() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("wanted", "depends_on: [near]")
                + StackFixture.sleeper("near", "depends_on: [far]") + StackFixture.sleeper("far")
                + StackFixture.sleeper("other", "depends_on: [others]") + StackFixture.sleeper("others"))
        #expect(try stack.compose("create", "wanted").exitCode == 0)
        #expect(try stack.states() == ["wanted-1": "created", "near-1": "created", "far-1": "created"])
        #expect(try stack.compose("start", "wanted").exitCode == 0)
        #expect(try stack.states() == ["wanted-1": "running", "near-1": "running", "far-1": "running"])
    }

    @Test func removeOrphaned() throws {
        let names = ["web", "words", "db"]
        let stack = try StackFixture("services:\n" + names.map { StackFixture.sleeper($0) }.joined())
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.states() == ["web-1": "running", "words-1": "running", "db-1": "running"])
        let before = try stack.firstProcesses()
        #expect(try stack.compose("down", "--remove-orphans", "web").exitCode == 0)
        #expect(try stack.states() == ["words-1": "running", "db-1": "running"])
        #expect(try stack.firstProcesses() == before.filter { $0.key != "web-1" })
    }

    // MARK: wait

    /// Each ends when it is told to.
    private static let ending =
        "services:\n" + StackFixture.sleeper("infinity")
        + ["faster", "slower"].map {
            "  \($0): {rootfs: rootfs, command: [sh, -c, 'until test -e /here/\($0); do sleep 0.1; done'], "
                + "volumes: ['.:/here']}\n"
        }.joined()

    /// Waits for `name`, which is told to end once somebody waits.
    private func wait(_ words: String..., for name: String, in stack: StackFixture) throws -> Program.Outcome {
        let wait = try Program.compose.start(
            ["-f", stack.file, "-p", stack.project, "wait"] + words + [name], environment: stack.environment)
        _ = try Poller().wait(timeout: .milliseconds(300))
        #expect(try wait.process.poll() == nil)
        try stack.directory.write(name, "")
        return try wait.finish()
    }

    @Test func waitOnFaster() throws {
        let stack = try StackFixture(Self.ending)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try wait(for: "faster", in: stack).exitCode == 0)
        #expect(try stack.states() == ["faster-1": "exited", "slower-1": "running", "infinity-1": "running"])
    }

    @Test func waitOnSlower() throws {
        let stack = try StackFixture(Self.ending)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        try stack.directory.write("faster", "")
        #expect(try stack.eventually { try stack.states()["faster-1"] == "exited" })
        #expect(try wait(for: "slower", in: stack).exitCode == 0)
        #expect(try stack.states() == ["faster-1": "exited", "slower-1": "exited", "infinity-1": "running"])
    }

    @Test func waitAndDrop() throws {
        let stack = try StackFixture(Self.ending)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try wait("--down-project", for: "faster", in: stack).exitCode == 0)
        #expect(try stack.states() == [:])
        #expect(try stack.traces().cgroups.isEmpty)
    }

    // MARK: cp and health

    @Test func copy() throws {
        let stack = try StackFixture(Self.one)
        let host = stack.directory.path
        try stack.directory.write("one", "hello\n")
        try stack.directory.write("folder/deep", "hello from below\n")
        func read(_ index: Int, _ path: String) throws -> Program.Outcome {
            try stack.compose("exec", "-T", "--index", "\(index)", "a", "cat", path)
        }
        #expect(try stack.compose("up", "--scale", "a=3", "-d").exitCode == 0)
        #expect(try stack.compose("cp", "\(host)/one", "a:/all").exitCode == 0)
        for index in 1...3 { #expect(try read(index, "/all").output == "hello\n") }
        #expect(try stack.compose("cp", "--index=3", "\(host)/one", "a:/third").exitCode == 0)
        #expect(try read(3, "/third").output == "hello\n")
        #expect(try read(2, "/third").exitCode == 1)
        #expect(try stack.compose("cp", "a:/all", "\(host)/back").exitCode == 0)
        #expect(try stack.compose("cp", "--index=3", "a:/third", "\(host)/third").exitCode == 0)
        for name in ["back", "third"] { #expect(try readText("\(host)/\(name)") == "hello\n") }
        #expect(try stack.compose("cp", "\(host)/folder", "a:/tmp").exitCode == 0)
        #expect(try read(1, "/tmp/folder/deep").output == "hello from below\n")
        #expect(try stack.compose("cp", "a:/tmp/folder", "\(host)/folder2").exitCode == 0)
        #expect(try readText("\(host)/folder2/deep") == "hello from below\n")
        // What people run beside it only where they ask for it.
        let run = try stack.compose("run", "-d", "a", "sleep", "600")
        let name = try #require(run.lines.last)
        for (option, exitCode) in [([], 1), (["--all"], 0)] {
            let words = ["-f", stack.file, "-p", stack.project, "cp"] + option + ["\(host)/one", "a:/run"]
            #expect(try Program.compose.run(words, environment: stack.environment).exitCode == 0)
            #expect(try stack.compose("exec", "-T", name, "cat", "/run/one").exitCode == exitCode)
        }
    }

    @Test func startInterval() throws {
        func yaml(_ period: String) -> String {
            "services:\n"
                + StackFixture.sleeper(
                    "a", "healthcheck: {test: 'true', interval: 30s, start_interval: 100ms\(period)}")
        }
        let stack = try StackFixture(yaml(""))
        let refused = try stack.compose("up", "--wait", "-d")
        #expect(
            refused.exitCode == 1 && refused.errors.contains("a start_interval, which counts within the start_period"))
        try stack.write(yaml(", start_period: 10s"))
        #expect(try stack.compose("up", "--wait", "-d", timeout: .seconds(25)).exitCode == 0)
        #expect(try stack.row(of: "a-1")["HEALTH"] == "healthy")
    }
}
