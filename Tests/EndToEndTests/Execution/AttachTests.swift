import Linux
import Testing

@Suite("gocker-compose attach", .enabled(if: TestFiles.isRoot, "containers need root"))
struct AttachTests {
    private static let yaml = """
        services:
          typed:
            rootfs: rootfs
            stdin_open: true
            command: [sh, -c, "while read -r line; do echo \\"got $$line\\"; [ \\"$$line\\" != end ] || exit 5; done"]
          screen:
            rootfs: rootfs
            stdin_open: true
            tty: true
            command: [sh, -c, "tty; trap 'echo interrupted' INT; while :; do read -r line || continue; echo \\"got $$line\\"; stty size; [ \\"$$line\\" != end ] || exit 6; done"]
            stop_signal: KILL
          plain: {rootfs: rootfs, command: [sh, -c, "trap 'echo heard; exit 7' INT; while :; do echo tick; sleep 0.1; done"], stop_signal: KILL}
        """

    private func started() throws -> StackFixture {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        return stack
    }

    @Test func typesToAServiceAndEndsAsItDoes() throws {
        let stack = try started()
        let running = try stack.start("attach", "typed")
        try running.send("first\n")
        #expect(try running.waitForOutput("got first\n"))
        // Its end is not the service's.
        running.closeInput()
        try running.process.send(.kill)
        _ = try running.finish()
        #expect(try stack.row(of: "typed-1")["STATE"] == "running")

        let again = try stack.start("attach", "typed")
        try again.send("second\nend\n")
        let outcome = try again.finish()
        #expect(outcome.exitCode == 5, "\(outcome)")
        #expect(outcome.output == "got second\ngot end\n")
        #expect(try stack.compose("logs", "typed").output.contains("got first"))
    }

    @Test func passesSignalsOnUnlessItIsToldNotTo() throws {
        let stack = try started()
        let watching = try stack.start("attach", "--sig-proxy=false", "plain")
        #expect(try watching.waitForOutput("tick\n"))
        try watching.process.send(.interrupt)
        #expect(try watching.finish().exitCode == 130)
        #expect(try stack.row(of: "plain-1")["STATE"] == "running")
        let running = try stack.start("attach", "--no-stdin", "plain")
        #expect(try running.waitForOutput("tick\n"))
        try running.process.send(.interrupt)
        let outcome = try running.finish()
        #expect(outcome.exitCode == 7, "\(outcome)")
        #expect(outcome.output.hasSuffix("heard\n"))
        #expect(try stack.compose("attach", "plain").errors.contains("plain-1 is not running"))
        #expect(
            try stack.compose("attach", "--detach-keys", "nonsense", "typed").errors.contains("expected keys such as"))
    }

    /// The processes that keep terminals, by what they are called.
    private func keepers(of stack: StackFixture) throws -> Int {
        let socket = "\(stack.runBase)/\(stack.project)/screen-1.tty"
        // See proc(5), /proc/net/unix: the path comes last.
        return try readText("/proc/net/unix").split(separator: "\n").filter { $0.hasSuffix(" \(socket)") }.count
    }

    @Test(.enabled(if: AtTerminal.isUsable, "a terminal to test with needs script(1)"))
    func connectsTerminals() throws {
        let stack = try started()
        #expect(try stack.compose("logs", "screen").output.contains("/dev/pts/0"))
        let outcome = try stack.atTerminal(
            #"""
            stty cols 132 rows 50
            (sleep 1; printf 'one\n'
            until $COMPOSE logs screen < /dev/null | grep -q 'got one'; do sleep 0.1; done; printf '\003'
            until $COMPOSE logs screen < /dev/null | grep -q interrupted; do sleep 0.1; done; printf '\020\021'
            ) | $COMPOSE attach screen; echo "code $?"
            """#)
        #expect(outcome.output.contains("got one\n50 132\n"), "\(outcome)")
        #expect(outcome.output.contains("interrupted\n"))
        #expect(outcome.output.contains("code 0\n"))
        #expect(try stack.row(of: "screen-1")["STATE"] == "running")
        #expect(try keepers(of: stack) == 1)
    }

    @Test func aTerminalOutlivesTheSupervisor() throws {
        let stack = try started()
        let process = try stack.processID(of: "screen-1")
        try SupervisorDeathTests.supervisor(of: stack).send(.kill)
        #expect(try stack.eventually { try stack.compose("ps").errors.contains("has died") })
        let first = try stack.start("attach", "screen")
        try first.send("alone\n")
        #expect(try first.waitForOutput("got alone"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.processID(of: "screen-1") == process)
        try first.send("end\n")
        let outcome = try first.finish()
        // Before Linux 6.15 it may be that nobody can tell how somebody else's child has ended, which counts as a failure.
        let isTold = KernelVersion.running.map { $0 >= KernelVersion(major: 6, minor: 15) } == true
        #expect(outcome.exitCode == 6 || !isTold && outcome.exitCode == 1, "\(outcome)")
        #expect(try stack.eventually { try stack.row(of: "screen-1")["STATE"] == "exited" })
        #expect(try stack.compose("logs", "screen").output.contains("got alone"))
        #expect(try stack.eventually { try keepers(of: stack) == 0 })
        #expect(try stack.compose("down").exitCode == 0)
    }

    @Test func showsTheLastThatATerminalPrints() throws {
        let stack = try StackFixture(
            "services: {screen: {rootfs: rootfs, tty: true, command: [sh, -c, \"seq 20000; echo the last; exit 3\"]}}")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "screen-1")["STATE"] == "exited" })
        #expect(try stack.eventually { try stack.compose("logs", "screen").output.contains("the last") })
        // To Swift "\r\n" is one character.
        let output = try stack.compose("logs", "screen").output
        #expect(output.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 20001)
        #expect(try keepers(of: stack) == 0)
    }
}
