import Linux
import Testing

/// Scenarios of Docker Compose's own tests, by their names: environments, profiles, secrets and what else is around what
/// is run.
@Suite("Scenarios of Docker Compose: what is run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ComposeRunScenarioTests {
    private func compose(
        _ stack: StackFixture, options: [String] = [], shell: [String] = [], _ words: String...
    ) throws -> Program.Outcome {
        try Program.compose.run(
            ["-f", stack.file, "-p", stack.project] + options + words, environment: stack.environment + shell)
    }

    // MARK: variables

    @Test func envPriority() throws {
        let stack = try StackFixture(
            "services: {probe: {rootfs: rootfs, command: [sh, -c, 'echo $$WHEREAMI'], environment: {WHEREAMI: service}}}\n"
        )
        try stack.directory.write(".env", "WHEREAMI=beside the stack\n")
        let over = try stack.directory.write("over.env", "WHEREAMI=over\n")
        let byDefault = try stack.directory.write("default.env", "WHEREAMI=${WHEREAMI:-default}\n")
        let empty = try stack.directory.write("empty.env", "\n")
        func whereabouts(_ variable: String, envFile: String? = nil, shell: String...) throws -> String {
            let options = envFile.map { ["--env-file", $0] } ?? []
            return try compose(stack, options: options, shell: shell, "run", "--rm", "-e", variable, "probe").output
        }
        #expect(try whereabouts("WHEREAMI", envFile: over, shell: "WHEREAMI=shell") == "shell\n")
        #expect(try whereabouts("WHEREAMI", envFile: byDefault, shell: "WHEREAMI=shell") == "shell\n")
        #expect(try whereabouts("WHEREAMI", envFile: byDefault) == "default\n")
        #expect(try whereabouts("WHEREAMI", shell: "COMPOSE_ENV_FILES=\(byDefault)") == "default\n")
        #expect(try whereabouts("WHEREAMI=run", envFile: over) == "run\n")
        #expect(try whereabouts("WHEREAMI", envFile: over) == "over\n")
        #expect(try whereabouts("WHEREAMI") == "beside the stack\n")
        // A variable that nobody has given a value takes none away.
        #expect(try whereabouts("WHEREAMI", envFile: empty) == "service\n")
    }

    @Test func envPriorityComposeEnvFile() throws {
        let stack = try StackFixture(
            "services: {probe: {rootfs: rootfs, command: [sh, -c, 'echo $$WHEREAMI'], env_file: service.env}}\n")
        try stack.directory.write(".env", "WHEREAMI=beside the stack\n")
        try stack.directory.write("service.env", "WHEREAMI=service\n")
        #expect(try stack.compose("run", "--rm", "probe").output == "service\n")
        #expect(try stack.compose("run", "--rm", "-e", "WHEREAMI", "probe").output == "beside the stack\n")
    }

    @Test func commentsInEnvFile() throws {
        let stack = try StackFixture("services: {probe: {rootfs: rootfs, command: env}}\n")
        try stack.directory.write(".env", "BARE=12 #34\nINSIDE=12#34\nQUOTED=\"12 #34\"\n")
        let variables = try stack.compose("run", "--rm", "-e", "BARE", "-e", "INSIDE", "-e", "QUOTED", "probe").lines
        #expect(Set(variables).isSuperset(of: ["BARE=12", "INSIDE=12#34", "QUOTED=12 #34"]), "\(variables)")
    }

    @Test func unsetEnv() throws {
        let stack = try StackFixture(
            "services: {probe: {rootfs: rootfs, command: [sh, -c, 'echo \"=$${EMPTY-none}=\"'], environment: [EMPTY]}}\n"
        )
        #expect(try stack.compose("run", "-e", "EMPTY=hello", "--rm", "probe").output == "=hello=\n")
        #expect(try compose(stack, shell: ["EMPTY=shell"], "run", "--rm", "probe").output == "=shell=\n")
        #expect(try stack.compose("run", "--rm", "probe").output == "=none=\n")
    }

    @Test func rawEnvFile() throws {
        let stack = try StackFixture(
            """
            services:
              probe: {rootfs: rootfs, command: sh -c "echo $$VALUE", env_file: [{path: raw.env, format: raw}]}
            """)
        try stack.directory.write("raw.env", "VALUE='{\"a\": \"$b\"}'\n")
        #expect(try stack.compose("run", "probe").output == "'{\"a\": \"$b\"}'\n")
    }

    @Test func runEnvFile() throws {
        let stack = try StackFixture(
            "services: {tool: {rootfs: rootfs, command: \"true\", profiles: [tools], env_file: tool.env}}\n")
        try stack.directory.write("tool.env", "OF_FILE=yes\n")
        #expect(try stack.compose("run", "--rm", "tool", "env").lines.contains("OF_FILE=yes"))
    }

    // MARK: dependencies of run

    @Test func composeRunDeps() throws {
        let stack = try StackFixture(
            """
            services:
              wanted: {rootfs: rootfs, command: echo one, depends_on: [shared]}
              sibling: {rootfs: rootfs, command: echo two, depends_on: [shared]}

            """ + StackFixture.sleeper("shared"))
        let run = try stack.compose("run", "--rm", "wanted")
        #expect(run.output == "one\n" && run.errors.contains("shared-1") && !run.errors.contains("sibling"), "\(run)")
        #expect(try stack.states() == ["shared-1": "running"])
        let before = try stack.firstProcesses()
        let alone = try compose(
            stack, shell: ["COMPOSE_IGNORE_ORPHANS=True"], "run", "--rm", "--no-deps", "wanted")
        #expect(alone.output == "one\n" && alone.errors.isEmpty, "\(alone)")
        #expect(try stack.firstProcesses() == before)
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try stack.compose("run", "--no-deps", "wanted").output == "one\n")
        #expect(try stack.states().keys.allSatisfy { $0.hasPrefix("wanted-run-") })
    }

    @Test func runsWhatIsGivenInAServiceThatSaysNothing() throws {
        let stack = try StackFixture("services: {tool: {rootfs: rootfs}}")
        #expect(try stack.compose("run", "--rm", "-T", "tool", "echo", "hi").output == "hi\n")
        #expect(try stack.compose("run", "--rm", "-T", "--entrypoint", "hostname", "tool").exitCode == 0)
        let nothing = try stack.compose("run", "--rm", "-T", "tool")
        #expect(nothing.exitCode == 1 && nothing.errors.contains("service \"tool\" has nothing to run"))
    }

    @Test func composeRunNotRequiredDeps() throws {
        let stack = try StackFixture(
            """
            services:
              wanted:
                rootfs: rootfs
                command: echo one
                depends_on: {optional: {required: false, condition: service_healthy}}

            """ + StackFixture.sleeper("optional", "init: true", "profiles: [more]"))
        let run = try stack.compose("run", "wanted")
        #expect(run.exitCode == 0 && run.output == "one\n", "\(run)")
        #expect(try !stack.states().keys.contains("optional-1"))
    }

    @Test func networkModes() throws {
        let stack = try StackFixture(
            """
            services:
              client: {rootfs: rootfs, command: "true", network_mode: "service:db"}

            """ + StackFixture.sleeper("db", "network_mode: none"))
        let namespace = ["readlink", "/proc/self/ns/net"]
        let run = try compose(stack, "run", "-T", "client", namespace[0], namespace[1])
        #expect(run.exitCode == 0 && run.output.hasPrefix("net:"), "\(run)")
        #expect(try stack.states()["db-1"] == "running")
        #expect(try stack.compose("exec", "-T", "db", namespace[0], namespace[1]).output == run.output)
        #expect(try readSymbolicLink("/proc/self/ns/net") + "\n" != run.output)
    }

    // MARK: profiles

    private static let profiles =
        "services:\n" + StackFixture.sleeper("regular") + StackFixture.sleeper("special", "profiles: [extra]")

    /// Goes through the life of a stack, in which the services of `names` are made once.
    private func live(_ stack: StackFixture, options: [String], names: [String]) throws {
        #expect(try compose(stack, options: options, "up", "-d").exitCode == 0)
        for name in names { #expect(try stack.compose("exec", "-T", name, "touch", "/root/mark").exitCode == 0) }
        for (command, state) in [("stop", "stopped"), ("start", "running"), ("restart", "running")] {
            #expect(try compose(stack, options: options, command).exitCode == 0)
            let expected = Dictionary(uniqueKeysWithValues: names.map { ("\($0)-1", state) })
            #expect(try stack.states() == expected, "\(command)")
            for name in names where state == "running" {
                #expect(try stack.compose("exec", "-T", name, "test", "-e", "/root/mark").exitCode == 0, "\(command)")
            }
        }
        #expect(try compose(stack, options: options, "down").exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func explicitProfileUsage() throws {
        try live(StackFixture(Self.profiles), options: ["--profile", "extra"], names: ["regular", "special"])
    }

    @Test func noProfileUsage() throws {
        try live(StackFixture(Self.profiles), options: [], names: ["regular"])
    }

    @Test func dotEnvProfileUsage() throws {
        let stack = try StackFixture(Self.profiles)
        try stack.directory.write(".env", "COMPOSE_PROFILES=extra\n")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.states() == ["regular-1": "running", "special-1": "running"])
    }

    @Test func upProfile() throws {
        let stack = try StackFixture(
            """
            services:
              wanted: {rootfs: rootfs, command: "true", profiles: [extra], depends_on: [db]}
              sibling: {rootfs: rootfs, command: "true", profiles: [extra]}
              db: {rootfs: rootfs, command: "true"}
            """)
        #expect(try stack.compose("up", "wanted").exitCode == 0)
        #expect(try stack.states() == ["wanted-1": "exited", "db-1": "exited"])
    }

    // MARK: secrets

    @Test func secretFromEnv() throws {
        let stack = try StackFixture(
            """
            services:
              reader:
                rootfs: rootfs
                command: cat /run/secrets/key
                secrets: [{source: token, target: key, uid: "1005", gid: "1006", mode: 0440}]
            secrets: {token: {environment: TOKEN}}
            """)
        #expect(try compose(stack, shell: ["TOKEN=BAR"], "run", "reader").output == "BAR")
        let listing = try compose(stack, shell: ["TOKEN=BAR"], "run", "reader", "ls", "-al", "/var/run/secrets/key")
        #expect(listing.output.split(separator: " ").prefix(4) == ["-r--r-----", "1", "1005", "1006"], "\(listing)")
    }

    @Test func secretFromInclude() throws {
        let stack = try StackFixture("include: [{path: child/stack.yaml, env_file: [child.env]}]\n")
        try stack.directory.write("child.env", "TOKEN='of the include'\n")
        try stack.directory.write(
            "child/stack.yaml",
            """
            services: {reader: {rootfs: ../rootfs, command: cat /run/secrets/token, secrets: [token]}}
            secrets: {token: {environment: TOKEN}}
            """)
        let run = try stack.compose("run", "reader")
        #expect(run.output == "of the include", "\(run)")
    }

    // MARK: volumes

    @Test func noDepsVolumeFrom() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("app", "volumes_from: [db]")
                + StackFixture.sleeper("db", "volumes: [/data]"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.states() == ["app-1": "running", "db-1": "running"])
        let before = try stack.firstProcesses()
        #expect(try stack.compose("up", "--no-deps", "-d", "app").exitCode == 0)
        #expect(try stack.firstProcesses() == before)
        #expect(try stack.compose("rm", "-f", "-s", "db").exitCode == 0)
        #expect(try stack.states() == ["app-1": "running"])
        let without = try stack.compose("up", "--no-deps", "-d", "app")
        #expect(without.exitCode == 1 && without.errors.contains("db"), "\(without)")
    }

    @Test func upSwitchVolumes() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("app", "volumes: ['data:/data']")
                + "volumes: {data: {external: true, name: '${VOLUME:-first}'}}\n")
        let maker = try StackFixture("volumes: {a: {name: first}, b: {name: second}}\n", dataBase: stack.dataBase)
        #expect(try maker.compose(options: ["--all-resources"], "up", "-d").exitCode == 0)
        for volume in ["first", "second"] {
            #expect(try compose(stack, shell: ["VOLUME=\(volume)"], "up", "-d").exitCode == 0)
            #expect(try stack.compose("exec", "-T", "app", "ls", "/data").output == "")
            #expect(try stack.compose("exec", "-T", "app", "touch", "/data/of-\(volume)").exitCode == 0)
            #expect(try directoryEntries("\(stack.dataBase)/.volumes/\(volume)/data") == ["of-\(volume)"])
        }
    }

    @Test func upRecreateVolumesIgnoreBinds() throws {
        let stack = try StackFixture("services:\n" + StackFixture.sleeper("app", "volumes: ['.:/data']"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        #expect(before["app-1"]?.count == 1)
        try stack.directory.write("new", "what is in it changes\n")
        let again = try stack.compose("up", "-d")
        #expect(again.exitCode == 0 && !again.errors.contains("recreated"), "\(again)")
        #expect(try stack.firstProcesses() == before)
    }

    // MARK: up and export

    @Test func exportWithReplicas() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("alone") + StackFixture.sleeper("many", "deploy: {replicas: 3}"))
        #expect(try stack.compose("up", "-d", "many").exitCode == 0)
        #expect(try stack.states() == ["many-1": "running", "many-2": "running", "many-3": "running"])
        for index in ["1", "2"] {
            #expect(try stack.compose("exec", "-T", "--index", index, "many", "touch", "/mark\(index)").exitCode == 0)
            let archive = "\(stack.directory.path)/\(index).tar"
            #expect(try stack.compose("export", "-o", archive, "--index=\(index)", "many").exitCode == 0)
            let marks = try Program(path: "/bin/tar").run("-tf", archive).lines.filter { $0.hasPrefix("mark") }
            #expect(marks == ["mark\(index)"])
        }
    }

    /// There are no names of containers that could have underscores.
    @Test func compatibility() throws {
        let stack = try StackFixture("services:\n" + StackFixture.sleeper("simple", "init: true"))
        let up = try stack.compose(options: ["--compatibility"], "up", "-d")
        #expect(up.exitCode == 0, "\(up)")
        #expect(try stack.states() == ["simple-1": "running"])
    }

    /// What collects lines is a system log, reached over a port that is another one the second time.
    @Test func loggingDriver() throws {
        let stack = try StackFixture(
            """
            services:
              collector:
                rootfs: rootfs
                command: nc -l -p ${PORT:-1}
                stop_signal: KILL
                healthcheck: {test: 'netstat -ltn | grep -q ":${PORT:-1} "', interval: 100ms, retries: 10000}
              app:
                rootfs: rootfs
                command: [sh, -c, 'echo hello; exec sleep 600']
                stop_signal: KILL
                depends_on: {collector: {condition: service_healthy, restart: true}}
                logging: {driver: syslog, options: {syslog-address: 'tcp://127.0.0.1:${PORT:-1}'}}
            """)
        // Below those that the kernel gives away.
        let port = Int.random(in: 12000..<32000)
        var collectors: Set<Int32> = []
        for run in 1...2 {
            let up = try compose(stack, shell: ["PORT=\(port + run)"], "up", "-d")
            #expect(up.exitCode == 0, "\(up)")
            #expect(try stack.states() == ["collector-1": "running", "app-1": "running"])
            #expect(collectors.insert(try stack.processID(of: "collector-1")).inserted)
            #expect(
                try stack.eventually {
                    try stack.compose("logs", "collector").lines.filter { $0.hasSuffix(": hello") }.count == run
                })
        }
    }
}
