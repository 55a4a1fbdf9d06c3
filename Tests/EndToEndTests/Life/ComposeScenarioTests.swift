import Linux
import Testing

/// Scenarios of Docker Compose's own tests, by their names, with root file systems in place of images.
@Suite("Scenarios of Docker Compose", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ComposeScenarioTests {
    private static let sleeper = "services:\n" + StackFixture.sleeper("simple")

    // MARK: config

    private static let ports = "services: {test: {rootfs: rootfs, ports: ['${PORT:-8080}:80']}}\n"

    @Test func localComposeConfig() throws {
        let stack = try StackFixture(Self.ports)
        let yaml = try stack.compose("config").output
        #expect(
            yaml.contains(
                "    ports:\n      - mode: ingress\n        target: 80\n        published: \"8080\"\n        protocol: tcp\n"
            ))
        #expect(try stack.compose("config", "--format", "json").output.contains("\"published\": \"8080\""))
        for services in [[], ["test"]] {
            let kept = try Program.compose.run(["-f", stack.file, "config", "--no-interpolate"] + services)
            #expect(kept.output.contains("- ${PORT:-8080}:80"))
            let warning = "service filtering is not applied when --no-interpolate is set"
            #expect(kept.errors.contains(warning) == !services.isEmpty, "\(kept.errors)")
        }
        let json = try stack.compose("config", "--variables", "--format", "json").output.filter { !$0.isWhitespace }
        #expect(
            json == "{\"PORT\":{\"Name\":\"PORT\",\"DefaultValue\":\"8080\",\"PresenceValue\":\"\",\"Required\":false}}"
        )
        let variables = "PORT:\n  name: PORT\n  defaultvalue: \"8080\"\n  presencevalue: \"\"\n  required: false\n"
        #expect(try stack.compose("config", "--variables", "--format", "yaml").output == variables)
        let selected = try stack.compose("config", "--variables", "test")
        #expect(selected.errors.contains("service filtering is not applied when --variables is set"))
        #expect(
            selected.lines.map { $0.split(separator: " ") } == [
                ["NAME", "REQUIRED", "DEFAULT", "VALUE", "ALTERNATE", "VALUE"], ["PORT", "no", "8080"],
            ])
    }

    @Test func variablesOfDefaultsAndOtherOperators() throws {
        let stack = try StackFixture(
            "services: {a: {rootfs: '${A:-${B:-x}}', command: [$C, '${D:?say it}', '${E:+there}', $$F], environment: {G: '${A}'}}}\n"
        )
        let table = try stack.compose("config", "--variables").lines.dropFirst().map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(table == ["A no ${B:-x}", "B no x", "C no", "D yes", "E no there"])
    }

    @Test func configInterpolate() throws {
        let stack = try StackFixture("services: {nginx: {build: {context: nginx-build, dockerfile: '${MYVAR}'}}}\n")
        let output = try stack.compose("config", "--no-interpolate").output
        #expect(
            output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                == "name: \(stack.project) services: nginx: build: context: \(stack.directory.path)/nginx-build "
                + "dockerfile: ${MYVAR} networks: default: null networks: default: name: \(stack.project)_default")
    }

    private static let image =
        "services: {env: {rootfs: rootfs, command: [echo, $IMAGE], environment: {IMAGE: $IMAGE}}}\n"

    @Test func envInterpolation() throws {
        let stack = try StackFixture(Self.image)
        try stack.directory.write(".env", "WHEREAMI=EnvFile\nIMAGE=default_env:${WHEREAMI}\n")
        let shell = try Program.compose.run(["-f", stack.file, "config"], environment: ["WHEREAMI=shell"])
        #expect(shell.output.contains("IMAGE: default_env:shell"), "\(shell)")
    }

    @Test func envInterpolationDefaultValue() throws {
        let stack = try StackFixture(Self.image)
        try stack.directory.write(".env", "IMAGE=default_env:${WHEREAMI:-EnvFileDefaultValue}\n")
        #expect(try stack.compose("config").output.contains("IMAGE: default_env:EnvFileDefaultValue"))
    }

    // MARK: up

    @Test func upContainerNameConflict() throws {
        let stack = try StackFixture(
            """
            services:
              test: {rootfs: rootfs, container_name: mine, command: ["true"]}
              another_test: {rootfs: rootfs, container_name: mine, command: ["true"]}
            """)
        let both = try stack.compose("up", "-d")
        #expect(both.exitCode == 1)
        #expect(both.errors.contains("stack.yaml:3:"), "\(both.errors)")
        #expect(both.errors.contains("container name \"mine\" is already in use by service \"test\""), "\(both.errors)")
        #expect(try stack.compose("down").exitCode == 0)
        for service in ["test", "another_test"] {
            #expect(try stack.compose("up", "-d", service).exitCode == 0)
            #expect(try stack.eventually { try stack.states() == ["\(service)-1": "exited"] })
            #expect(try stack.compose("down").exitCode == 0)
        }
    }

    @Test func exposeRange() throws {
        let stack = try StackFixture("services: {test: {rootfs: rootfs, expose: ['9091-9092'], command: ['true']}}\n")
        #expect(try stack.compose("up").exitCode == 0)
    }

    /// There are no images to be resolved: one that is named beside a root file system is nobody's business.
    @Test func upDryRunMissingImage() throws {
        let stack = try StackFixture(
            "services: {app: {rootfs: rootfs, image: 'no.such/image:3.20', command: [sleep, infinity]}}\n")
        let outcome = try stack.compose(options: ["--dry-run"], "up", "-d")
        #expect(outcome.exitCode == 0)
        #expect(outcome.output == "+ app-1  create\n")
    }

    /// There are no networks to be made.
    @Test func upWithAllResources() throws {
        let stack = try StackFixture("volumes: {my_vol: {labels: {a: b}}, other: {external: true}}\n")
        #expect(try stack.compose("up", "-d").errors.contains("no \"services\" in this file"))
        let up = try stack.compose(options: ["--all-resources"], "up", "-d")
        #expect(up.exitCode == 0, "\(up)")
        #expect(up.errors.contains("\(stack.project)_my_vol  created"), "\(up)")
        #expect(try stack.compose("volumes", "-q").output == "\(stack.project)_my_vol\n")
        #expect(try stack.compose("down", "-v").exitCode == 0)
        #expect(try stack.compose("volumes", "-q").output == "")
    }

    @Test func anonymousVolumesAreRenewedWhereThatIsAskedFor() throws {
        func yaml(_ version: Int) -> String {
            "services:\n"
                + StackFixture.sleeper("app", "volumes: [/data, 'named:/named']", "environment: {V: '\(version)'}")
                + "volumes: {named: {}}\n"
        }
        let stack = try StackFixture(yaml(1))
        func data() throws -> String { try stack.compose("exec", "-T", "app", "sh", "-c", "ls /data /named").output }
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("exec", "-T", "app", "touch", "/data/x", "/named/y").exitCode == 0)
        // Nothing is made anew.
        #expect(try stack.compose("up", "-d", "-V").exitCode == 0)
        #expect(try data().split(separator: "\n") == ["/data:", "x", "/named:", "y"])
        try stack.write(yaml(2))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try data().split(separator: "\n") == ["/data:", "x", "/named:", "y"])
        try stack.write(yaml(3))
        #expect(try stack.compose("up", "-d", "--renew-anon-volumes").exitCode == 0)
        #expect(try data().split(separator: "\n") == ["/data:", "/named:", "y"])
        #expect(try stack.compose("down", "-v").exitCode == 0)
    }

    @Test func whoSeesVolumesThatAreRenewedIsMadeAnewToo() throws {
        func yaml(_ version: Int) -> String {
            "services:\n" + StackFixture.sleeper("heir", "volumes_from: [app]")
                + StackFixture.sleeper("app", "volumes: [/data]", "environment: {V: '\(version)'}")
        }
        let stack = try StackFixture(yaml(1))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("exec", "-T", "heir", "touch", "/data/x").exitCode == 0)
        try stack.write(yaml(2))
        #expect(try stack.compose("up", "-d", "-V").exitCode == 0)
        #expect(try stack.compose("exec", "-T", "heir", "touch", "/data/y").exitCode == 0)
        #expect(try stack.compose("exec", "-T", "app", "ls", "/data").output == "y\n")
        #expect(try stack.compose("down", "-v").exitCode == 0)
    }

    // MARK: run and exec

    @Test func composeRun() throws {
        let stack = try StackFixture(
            """
            services:
              back: {rootfs: rootfs, command: echo "Hello there!!", depends_on: [db]}
              db: {rootfs: rootfs, init: true, stop_signal: KILL, command: sleep infinity}
              front: {rootfs: rootfs, init: true, command: sleep infinity}
            """)
        let first = try stack.compose("run", "back")
        #expect(first.output == "Hello there!!\n")
        #expect(!first.errors.contains("orphan"), "\(first.errors)")
        let states = try stack.states()
        let kept = try #require(states.keys.first { $0.hasPrefix("back-run-") })
        #expect(states == ["db-1": "running", kept: "exited"])
        let second = try stack.compose("run", "back", "echo", "Hello one more time")
        #expect(second.output == "Hello one more time\n")
        #expect(second.errors.contains("an orphan of earlier runs: \(kept);"), "\(second.errors)")
        let ignoring = stack.environment + ["COMPOSE_IGNORE_ORPHANS=True"]
        func run(_ words: String...) throws -> Program.Outcome {
            try Program.compose.run(
                ["-f", stack.file, "-p", stack.project, "run"] + words, environment: ignoring, timeout: .seconds(60))
        }
        let third = try run("back", "echo", "Hello again")
        #expect(third.output == "Hello again\n" && !third.errors.contains("orphan"), "\(third)")
        let before = try stack.states()
        #expect(try run("--rm", "back", "echo", "Hello and gone").output == "Hello and gone\n")
        #expect(try stack.states() == before)
        #expect(
            try run("--volume", "\(stack.directory.path):/foo", "back", "sh", "-c", "ls /foo").output.contains(
                "stack.yaml"))
        try stack.directory.write("run.env", "FOO=BAR\n")
        #expect(
            try run("--env-from-file", "\(stack.directory.path)/run.env", "front", "env").output.contains("FOO=BAR\n"))
        #expect(try run("--env", "FOO=BAR", "front", "env").output.contains("FOO=BAR\n"))
        #expect(try run("--remove-orphans", "--rm", "front", "true").exitCode == 1)
        #expect(try stack.compose("run", "--remove-orphans", "--rm", "back", "true").exitCode == 0)
        #expect(try stack.states() == ["db-1": "running"])
    }

    @Test func ignoredOrphansAreNotTold() throws {
        let stack = try StackFixture(Self.sleeper + StackFixture.sleeper("gone"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        try stack.write(Self.sleeper)
        #expect(try stack.compose("up", "-d").errors.contains("gone-1"))
        try stack.directory.write(".env", "COMPOSE_IGNORE_ORPHANS=1\n")
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 0 && !up.errors.contains("gone-1"), "\(up)")
        let both = try stack.compose("up", "-d", "--remove-orphans")
        #expect(both.exitCode == 1 && both.errors.contains("exclude each other"), "\(both)")
        #expect(try stack.states()["gone-1"] == "running")
    }

    @Test func localComposeExecOneOff() throws {
        let stack = try StackFixture(Self.sleeper)
        #expect(try stack.compose("run", "-d", "simple", "sleep", "600").exitCode == 0)
        let inside = try stack.compose("exec", "-T", "-e", "FOO", "simple", "env")
        #expect(inside.exitCode == 0 && !inside.output.contains("FOO="), "\(inside)")
        let numbered = try stack.compose("exec", "-T", "--index", "1", "simple", "env")
        #expect(numbered.exitCode == 1 && numbered.errors.contains("simple has no instance 1"), "\(numbered)")
        // What is the service itself comes first.
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let hostname = { try stack.compose("exec", "-T", "simple", "touch", "/root/mark").exitCode }
        #expect(try hostname() == 0)
        #expect(try stack.compose("exec", "-T", "--index", "1", "simple", "test", "-e", "/root/mark").exitCode == 0)
    }

    @Test func runGoesOnWhenTheSupervisorDiesThatItWaitsFor() throws {
        let stack = try StackFixture(
            """
            services:
              job: {rootfs: rootfs, command: [echo, done], depends_on: {db: {condition: service_healthy}}}
              db:
                rootfs: rootfs
                stop_signal: KILL
                command: [sleep, "600"]
                healthcheck: {test: [CMD, test, -e, /root/well], interval: 100ms, retries: 10000}
            """)
        let run = try stack.start("run", "--rm", "-T", "job")
        #expect(try stack.eventually { try stack.states()["db-1"] == "running" })
        _ = try Poller().wait(timeout: .milliseconds(500))
        try stack.killSupervisor()
        #expect(try stack.eventually { try stack.compose("ps").errors.contains("has died") == false })
        #expect(try stack.compose("exec", "-T", "db", "touch", "/root/well").exitCode == 0)
        let outcome = try run.finish(timeout: .seconds(30))
        #expect(outcome.exitCode == 0 && outcome.output == "done\n", "\(outcome)")
    }

    // MARK: events

    @Test func eventsOfBefore() throws {
        let stack = try StackFixture(Self.sleeper)
        let begin = WallTime.now
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("restart").exitCode == 0)
        func kinds(_ words: String...) throws -> [String] {
            try Program.compose.run(
                ["-f", stack.file, "-p", stack.project, "events"] + words, environment: stack.environment,
                timeout: .seconds(20)
            ).lines.map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
        }
        let past = try kinds("--since", "\(begin)", "--until", "0s")
        #expect(past == ["simple-1 started", "simple-1 stopping", "simple-1 started"], "\(past)")
        #expect(try kinds("--since", "0s", "--until", "0s") == [])
        #expect(try kinds("--until", "0s") == [])
        let end = WallTime(nanosecondsSinceEpoch: WallTime.now.nanosecondsSinceEpoch + 1_500_000_000)
        let events = try stack.start("events", "--until", "\(end)")
        #expect(try events.waitForOutput("simple-1 state (running)"))
        #expect(try stack.compose("kill", "-s", "USR1").exitCode == 0)
        let outcome = try events.finish()
        #expect(outcome.exitCode == 0 && outcome.lines.count == 2, "\(outcome)")
        #expect(WallTime.now >= end)
        let wrong = try stack.compose("events", "--since", "soon")
        #expect(wrong.exitCode == 1 && wrong.errors.contains("soon"))
    }

    // MARK: deploy.mode

    @Test func whatIsGlobalOrAJobIsSoOnOneMachine() throws {
        let stack = try StackFixture(
            """
            services:
              everywhere: {rootfs: rootfs, stop_signal: KILL, command: [sleep, "600"], deploy: {mode: global}}
              job:
                rootfs: rootfs
                command: [sh, -c, "test -e /root/second || { touch /root/second; exit 1; }"]
                deploy: {mode: replicated-job, replicas: 2, restart_policy: {delay: 100ms}}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(
            try stack.eventually {
                try stack.states() == ["everywhere-1": "running", "job-1": "exited", "job-2": "exited"]
            })
        #expect(try stack.row(of: "job-1")["EXIT"] == "0")
        let scaled = try stack.compose("scale", "everywhere=2")
        #expect(scaled.exitCode == 1 && scaled.errors.contains("is global"), "\(scaled)")
    }
}
