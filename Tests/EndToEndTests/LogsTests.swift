import FoundationEssentials
import Linux
import Testing

@Suite("Logs", .enabled(if: TestFiles.isRoot, "containers need root"))
struct LogsTests {
    /// A line as `logs --format json` shows it.
    struct Line: Decodable {
        let instance: String
        let stream: String?
        let seq: Int
        let line: String?
        let lost: Int?
    }

    private func lines(_ stack: StackFixture, _ arguments: String...) throws -> [Line] {
        let printed = try Program.compose.run(
            ["-f", stack.file, "-p", stack.project, "logs", "--format", "json"] + arguments,
            environment: stack.environment)
        let text =
            printed.output
            + printed.errors.split(separator: "\n").filter { $0.hasPrefix("{") }
            .joined(separator: "\n")
        return try text.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
    }

    private func hasEnded(_ instance: String, _ stack: StackFixture) throws -> Bool {
        try stack.eventually(within: .seconds(60)) { try stack.row(of: instance)["STATE"] == "exited" }
    }

    /// Keeps the supervisor, which would end with the last service that runs.
    private let anchor = "  anchor: {rootfs: rootfs, command: [sleep, '600'], stop_signal: KILL}\n"

    @Test func aFollowerMissesNothingWhileFilesAreSetAside() throws {
        let stack = try StackFixture(
            """
            services:
              seq:
                rootfs: rootfs
                command: [sh, -c, "sleep 1; seq 1 30000"]
                logging: {options: {max-size: 16k, max-file: "1000"}}
            """ + "\n" + anchor)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let follower = try stack.start("logs", "-f", "--no-log-prefix", "seq")
        #expect(try follower.waitForOutput("\n30000\n", timeout: .seconds(60)))
        let followed = String(decoding: follower.printed, as: UTF8.self)
        #expect(followed.split(separator: "\n").map(String.init) == (1...30000).map { "\($0)" })
        #expect(try directoryEntries("\(stack.dataBase)/\(stack.project)/logs").count > 5)
        let all = try lines(stack, "seq")
        #expect(all.map(\.seq) == Array(1...30000))
        #expect(all.map(\.line) == (1...30000).map { "\($0)" })
        #expect(try lines(stack, "--tail", "3", "seq").map(\.line) == ["29998", "29999", "30000"])
        #expect(try lines(stack, "--grep", "^2999[0-4]$", "--tail", "2").map(\.line) == ["29993", "29994"])
        try follower.process.send(.terminate)
        #expect(try follower.finish().exitCode == 130)
    }

    @Test func theNumbersGoOnWhenTheSupervisorIsKilled() throws {
        let stack = try StackFixture(
            """
            services:
              app: {rootfs: rootfs, command: [sh, -c, "while true; do echo tick; sleep 0.02; done"], stop_signal: KILL}
            """)
        for run in 1...3 {
            #expect(try stack.compose("up", "-d").exitCode == 0)
            let before = try lines(stack).count
            #expect(try stack.eventually { try lines(stack).count > before + 5 })
            if run < 3 { try SupervisorDeathTests.supervisor(of: stack).send(.kill) }
        }
        let numbers = try lines(stack).map(\.seq)
        #expect(numbers == Array(1...numbers.count))
    }

    @Test func aLineOfTenMegabytesAndAnyBytesComeBack() throws {
        let stack = try StackFixture(
            """
            services:
              long: {rootfs: rootfs, command: [sh, -c, "yes x | tr -d '\\n' | head -c 10000000; echo; echo after"]}
              bytes: {rootfs: rootfs, command: [cat, /bytes], volumes: ["./bytes:/bytes:ro"]}
            """ + "\n" + anchor)
        let bytes = try randomBytes(50_000) + [10]
        try FileDescriptor.open("\(stack.directory.path)/bytes", [.write, .create]).writeAll(bytes)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try hasEnded("long-1", stack))
        #expect(try hasEnded("bytes-1", stack))
        let long = try lines(stack, "long")
        #expect(long.map { $0.line?.utf8.count } == [10_000_000, 5])
        let shown = try stack.start("logs", "--no-log-prefix", "bytes")
        _ = try shown.finish()
        #expect(shown.printed == bytes)
    }

    @Test func whatIsDroppedIsCounted() throws {
        let stack = try StackFixture(
            """
            services:
              flood:
                rootfs: rootfs
                command: [sh, -c, "sleep 0.5; seq 1 200000; echo done"]
                logging: {options: {mode: non-blocking, max-buffer-size: 16k}}
            """ + "\n" + anchor)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        // However slow the machine is: meanwhile there is more than is kept at once.
        let supervisor = try SupervisorDeathTests.supervisor(of: stack)
        try supervisor.send(try #require(Signal("STOP")))
        _ = try Poller().wait(timeout: .seconds(2))
        try supervisor.send(try #require(Signal("CONT")))
        #expect(try hasEnded("flood-1", stack))
        let all = try lines(stack, "flood")
        let lost = all.compactMap(\.lost).reduce(0, +)
        let shown = all.filter { $0.lost == nil }
        #expect(lost > 0)
        #expect(shown.count + lost == 200_001)
        // Each line stands at its number: none is cut, none is told for another.
        #expect(shown.filter { $0.line != "\($0.seq)" }.map(\.line) == ["done"])
    }

    @Test func aFloodDoesNotKeepOthersWaiting() throws {
        let stack = try StackFixture(
            """
            services:
              flood: {rootfs: rootfs, command: ["yes", "a line of a service that says nothing, but much of it"], stop_signal: KILL}
              quiet: {rootfs: rootfs, command: [sh, -c, "for i in 1 2 3 4 5 6 7 8 9 10; do date +%s; sleep 0.1; done"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try hasEnded("quiet-1", stack))
        #expect(try lines(stack, "quiet").count == 10)
        let supervisor = try SupervisorDeathTests.supervisor(of: stack)
        let memory = try readText("/proc/\(supervisor.processID)/status").split(separator: "\n").first {
            $0.hasPrefix("RssAnon:")
        }
        let kibibytes = memory.flatMap { Int($0.split(separator: " ")[1]) }
        #expect(try #require(kibibytes) < 32 << 10)
    }

    @Test func followersSeeRestartsAndInstancesThatComeLater() throws {
        let stack = try StackFixture(
            """
            services:
              app:
                rootfs: rootfs
                command: [sh, -c, "echo run; sleep 0.2; exit 1"]
                restart: on-failure:2
            """ + "\n" + anchor)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let follower = try stack.start("logs", "-f")
        #expect(try follower.waitForOutput("run\napp-1  | run\napp-1  | run\n", timeout: .seconds(60)))
        let more = try readText(stack.file) + "  later: {rootfs: rootfs, command: [echo, I am new]}\n"
        try stack.write(more)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try follower.waitForOutput("later-1  | I am new\n"))
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try follower.finish().exitCode == 0)
    }

    @Test func driversThatCannotBeReadSaySo() throws {
        let stack = try StackFixture(
            """
            services:
              silent: {rootfs: rootfs, command: [echo, nothing], logging: {driver: none}}
              docker: {rootfs: rootfs, command: [echo, something], logging: {driver: json-file}}
            """ + "\n" + anchor)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try hasEnded("docker-1", stack))
        let logs = try stack.compose("logs")
        #expect(logs.output == "docker-1  | something\n")
        #expect(logs.errors.contains("silent: its logging driver \"none\" keeps nothing"))
        let text = try readText("\(stack.dataBase)/\(stack.project)/logs/docker-1.json")
        #expect(text.hasPrefix(#"{"log":"something\n","stream":"stdout","time":""#))
        #expect(
            try stack.compose("logs", "dokcer").errors.contains("no such service: dokcer; did you mean \"docker\"?"))
    }
}
