import JSON
import Linux
import Testing

@Suite("gocker-compose ps, ls, stats, port and images", .enabled(if: TestFiles.isRoot, "containers need root"))
struct StatusCommandTests {
    private static let mixed = """
        services:
          web:
            rootfs: rootfs
            mem_limit: 64m
            pids_limit: 6
            command: [sh, -c, "sh -c 'for n in 1 2 3 4 5 6 7 8 9; do sleep 600 & done'; exec sleep 600"]
          quiet:
            rootfs: rootfs
            network_mode: none
            command: [sleep, "600"]
          job: {rootfs: rootfs, command: [sh, -c, "exit 3"]}
        """

    private func running() throws -> StackFixture {
        let stack = try StackFixture(Self.mixed)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "job-1")["STATE"] == "exited" })
        return stack
    }

    private func objects(_ text: String) throws -> [JSONValue] {
        guard case .array(let items) = try JSONReader.read(Array(text.utf8)) else { return [] }
        return items
    }

    @Test func psShowsWhatDoesNotRunTooAndNamesWhatRuns() throws {
        let stack = try running()
        #expect(try stack.row(of: "job-1")["EXIT"] == "3")
        #expect(try stack.compose("ps", "-q").output == "quiet-1\nweb-1\n")
        #expect(try stack.compose("ps", "-a", "-q").output == "job-1\nquiet-1\nweb-1\n")
        #expect(try stack.compose("ps", "--services").output == "quiet\nweb\n")
        #expect(try stack.compose("ps", "-q", "web").output == "web-1\n")
    }

    @Test func psIsFiltered() throws {
        let stack = try running()
        func names(_ filters: String...) throws -> [String] {
            try stack.compose("ps", "--format", "{{.Name}}", filters.first ?? "", filters.last ?? "").lines
        }
        #expect(try names("--status", "exited") == ["job-1"])
        #expect(try names("--filter", "status=running") == ["quiet-1", "web-1"])
        #expect(try names("--filter", "service=web") == ["web-1"])
        #expect(try names("--filter", "name=quiet-1") == ["quiet-1"])
        let wrong = try stack.compose("ps", "--filter", "colour=red")
        #expect(wrong.exitCode == 1)
        let unknown = try stack.compose("ps", "wbe")
        #expect(unknown.exitCode == 1)
        #expect(unknown.errors == "gocker-compose: no such service: wbe; did you mean \"web\"?\n")
    }

    @Test func psKnowsWhatTheStackFileDoesNotHaveAnyMore() throws {
        let stack = try running()
        try stack.write("services: {web: {rootfs: rootfs, command: [sleep, \"600\"]}}")
        #expect(try stack.compose("ps", "-q").output == "quiet-1\nweb-1\n")
        #expect(try stack.compose("ps", "-q", "--no-orphans").output == "web-1\n")
    }

    @Test func psHasWhatTheKernelCounts() throws {
        let stack = try running()
        func web() throws -> JSONValue? {
            try objects(try stack.compose("ps", "--format", "json", "web").output).first
        }
        #expect(
            try stack.eventually {
                if case .integer(let hits)? = try web()?["usage"]?["pids_limit_hits"] { hits > 0 } else { false }
            })
        let usage = try #require(try web()?["usage"])
        #expect(usage["pids_limit"] == 6)
        #expect(usage["memory_limit_bytes"] == .integer(64 << 20))
        guard case .integer(let memory)? = usage["memory_bytes"] else { return #expect(Bool(false), "\(usage)") }
        #expect(memory > 0)
        // Version 2 of cgroups counts peaks since Linux 5.19.
        let isNew = KernelVersion.running.map { $0 >= KernelVersion(major: 5, minor: 19) } == true
        if isNew || (try? FileStatus.of("/sys/fs/cgroup/memory")) != nil {
            guard case .integer(let peak)? = usage["memory_peak_bytes"] else { return #expect(Bool(false), "\(usage)") }
            #expect(peak >= memory)
        }
        let wide = try stack.compose("ps", "--wide").output
        for title in ["MEMORY", "PEAK", "LIMIT", "PSI", "THROTTLED", "HITS"] { #expect(wide.contains(title)) }
        let lines = try stack.compose("ps", "--format", "ndjson").lines
        #expect(lines.count == 3)
        for line in lines { _ = try JSONReader.read(Array(line.utf8)) }
    }

    @Test func lsListsStacks() throws {
        let stack = try running()
        func ls(_ arguments: String...) throws -> Program.Outcome {
            try Program.compose.run(["ls"] + arguments, environment: stack.environment)
        }
        #expect(try ls("-q").output == "\(stack.project)\n")
        #expect(try ls().output.contains("running(2), exited(1)"))
        let entry = try #require(try objects(try ls("--format", "json").output).first)
        #expect(entry["directory"] == .string(stack.directory.path))
        #expect(entry["supervised"] == true)
        #expect(try ls("-q", "--filter", "name=no-such").output == "")
        #expect(try ls("--filter", "colour=red").exitCode == 1)
    }

    @Test func statsMeasure() throws {
        let stack = try StackFixture(
            """
            services:
              busy: {rootfs: rootfs, cpus: 0.2, command: [sh, -c, "while :; do :; done"]}
              idle: {rootfs: rootfs, command: [sleep, "600"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        func busy() throws -> JSONValue? {
            let entries = try objects(try stack.compose("stats", "--no-stream", "--format", "json").output)
            #expect(entries.count == 2)
            return entries.first { $0["name"] == "busy-1" }
        }
        #expect(
            try stack.eventually {
                guard let entry = try busy(), case .number(let share)? = entry["cpu_percent"],
                    case .number(let throttled)? = entry["usage"]?["cpu_throttled_seconds"]
                else { return false }
                return share > 0 && throttled > 0
            })
        #expect(try stack.compose("stats", "idle").lines.count == 2)
        let stream = try stack.start("stats", "--format", "ndjson", "idle")
        #expect(try stream.waitForOutput("}\n{"))
        try stream.process.send(.interrupt)
        #expect(try stream.finish().exitCode == 130)
    }

    @Test func portSaysWhereAPortIs() throws {
        let stack = try StackFixture(Self.mixed)
        let host = try stack.compose("port", "web", "80")
        #expect(host.exitCode == 1)
        #expect(host.errors.contains("80/tcp of it is 80/tcp of this machine"))
        #expect(try stack.compose("port", "--protocol", "udp", "quiet", "53").errors.contains("53/udp is not reached"))
        #expect(try stack.compose("port", "nobody", "80").errors == "gocker-compose: no such service: nobody\n")
    }

    @Test func imagesAreRootFileSystems() throws {
        let stack = try StackFixture(Self.mixed)
        #expect(
            try stack.compose("images", "--format", "{{.Service}} {{.Overlay}}").lines.sorted() == [
                "job true", "quiet true", "web true",
            ])
        #expect(try stack.compose("images", "-q").output == "\(stack.directory.path)/rootfs\n")
    }

    @Test func thereIsNothingToSayOfNothing() throws {
        let stack = try StackFixture(Self.mixed)
        #expect(try stack.compose("ps", "--format", "json").output == "[]\n")
        #expect(try stack.compose("ps", "-q").output == "")
        #expect(try Program.compose.run("ls", "-q", environment: stack.environment).output == "")
        #expect(try stack.compose("stats").exitCode == 1)
    }
}
