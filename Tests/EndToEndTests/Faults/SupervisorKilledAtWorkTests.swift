import Linux
import Testing

/// The supervisor is killed at one system call after the other while it does what a command asks for.
/// `GOCKER_EVERY_POINT=1` leaves none out.
@Suite(
    "A supervisor killed at work",
    .enabled(if: TestFiles.isRoot && Strace.isUsable, "containers need root, and killing needs strace(1)"))
struct SupervisorKilledAtWorkTests {
    private static let yaml = """
        services:
          db: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"], environment: {N: "0"}}
          web: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"], depends_on: [db]}
          job: {rootfs: rootfs, command: [sh, -c, "exit 3"]}

        """

    /// Traces the supervisor while `body` runs.
    private func tracing(_ stack: StackFixture, _ options: [String], _ body: () throws -> Void) throws {
        let supervisor = try SupervisorDeathTests.supervisor(of: stack)
        let strace = try Strace.program.start(options + ["-p", "\(supervisor.processID)"])
        try #require(try strace.waitForErrors("attached"))
        try body()
        try strace.process.send(.interrupt)
        _ = try strace.finish(timeout: .seconds(20))
    }

    private func points(of stack: StackFixture, _ body: () throws -> Void) throws -> [SystemCallPoint] {
        let file = "\(stack.directory.path)/calls"
        try tracing(stack, ["-o", file], body)
        return try Strace.points(in: file)
    }

    /// However far it got: the next `up` finds each instance once, and makes the stack what its file says.
    @Test(arguments: [["up", "-d"], ["restart"], ["stop"]])
    func isFollowedByOneThatGoesOn(command: [String]) throws {
        let stack = try StackFixture(Self.yaml)
        func change(_ number: Int) throws { try stack.write(Self.yaml.replacing("N: \"0\"", with: "N: \"\(number)\"")) }
        func run() throws {
            _ = try Program.compose.run(
                ["-f", stack.file, "-p", stack.project] + command, environment: stack.environment,
                timeout: .seconds(30))
        }
        #expect(try stack.compose("up", "-d").exitCode == 0)
        try change(1)
        let points = try points(of: stack, run)
        try #require(points.count > 20)
        for (number, point) in Strace.selected(points, about: 12).enumerated() {
            #expect(try stack.compose("up", "-d").exitCode == 0, "\(point)")
            try change(number + 2)
            let injection = "inject=\(point.name):signal=KILL:when=\(point.count)"
            try tracing(stack, ["-o", "/dev/null", "-e", "trace=\(point.name)", "-e", injection], run)
            let up = try stack.compose("up", "-d")
            #expect(up.exitCode == 0, "\(point): \(up.errors)")
            let isWhole = try stack.eventually {
                try stack.firstProcesses().mapValues(\.count) == ["db-1": 1, "web-1": 1]
            }
            let there = try stack.firstProcesses()
            #expect(isWhole, "\(point): \(there)")
            #expect(try stack.processID(of: "db-1") == there["db-1"]?.first, "\(point)")
            #expect(try stack.processID(of: "web-1") == there["web-1"]?.first, "\(point)")
            #expect(try stack.row(of: "job-1")["EXIT"] == "3", "\(point)")
        }
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }
}
