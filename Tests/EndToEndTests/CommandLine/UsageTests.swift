import Linux
import Testing

/// The table in docs/commands.md.
@Suite("Exit codes of gocker-compose")
struct UsageTests {
    @Test(arguments: [
        (["frob"], "unknown command \"frob\""), (["pss"], "did you mean \"ps\"?"),
        (["ps", "--statuss", "x"], "Did you mean '--status'?"), (["ps", "--status"], "Missing value"),
        (["version", "extra"], "extra"), (["--progress", "fancy", "ps"], "fancy"),
        (["ps", "--progress", "tty", "--ansi", "never"], "--progress plain"), (["ps", "--parallel", "0"], "above 0"),
        (["ps", "--format", "{{Name}}"], "--format"), (["-f", "/no/such/stack.yaml", "up"], "/no/such/stack.yaml"),
        (["completion", "tcsh"], "tcsh"),
        (["up", "--wait", "--abort-on-container-exit"], "--wait and --abort-on-container-exit exclude each other"),
        (["up", "-d", "--attach", "web"], "-d and --attach exclude each other"),
    ])
    func whatCannotBeUnderstoodIsOne(words: [String], message: String) throws {
        let outcome = try Program.compose.run(words)
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.output == "")
    }

    @Test func aVariableThatSaysNothingIsTold() throws {
        let outcome = try Program.compose.run(["ps"], environment: ["COMPOSE_ANSI=sometimes"])
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("COMPOSE_ANSI is \"sometimes\": expected one of auto, always, never"))
    }

    @Test(arguments: [
        ["--help"], ["help"], ["help", "ps"], ["ps", "--help"], ["ps", "-h"], ["-p", "x", "--help"], [],
    ])
    func helpIsNoError(words: [String]) throws {
        let outcome = try Program.compose.run(words)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("USAGE: gocker-compose"))
        #expect(outcome.output.contains("EXAMPLES:"))
        #expect(outcome.lines.allSatisfy { $0.count <= 100 })
        #expect(outcome.errors == "")
    }

    @Test(.enabled(if: TestFiles.isRoot, "containers need root")) func aDryRunDoesNothing() throws {
        let stack = try StackFixture("services: {a: {rootfs: rootfs, command: [sleep, \"600\"]}}")
        let up = try stack.compose("up", "-d", "--dry-run")
        #expect(up.output == "+ a-1  create\n")
        #expect(try stack.compose("ps", "--format", "json").output == "[]\n")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        for verb in ["stop", "restart", "kill", "pause", "rm"] {
            #expect(try stack.compose(verb, "--dry-run").output == "~ a-1  \(verb)\n")
        }
        #expect(try stack.compose("down", "--dry-run").output == "- a-1  stop and take away\n")
        #expect(try stack.compose("scale", "--dry-run", "a=2").output.contains("+ a-2  create"))
        #expect(try stack.compose("exec", "--dry-run", "a", "true").exitCode == 1)
        #expect(try stack.row(of: "a-1")["STATE"] == "running")
    }

    @Test(.enabled(if: TestFiles.isRoot, "containers need root")) func anUnknownServiceIsToldInTheProgramsName() throws
    {
        let stack = try StackFixture("services: {web: {rootfs: rootfs, command: [sleep, \"600\"]}}")
        for words in [["up", "-d", "nope"], ["create", "nope"], ["run", "nope"], ["config", "nope"]] {
            let outcome = try Program.compose.run(["-f", stack.file] + words, environment: stack.environment)
            #expect(outcome.exitCode == 1)
            #expect(outcome.errors == "gocker-compose: no service \"nope\" in this stack\n", "\(words)")
        }
        let scaled = try stack.compose("scale", "nope=2")
        #expect(scaled.errors == "gocker-compose: no service \"nope\" in this stack\n", "\(scaled.errors)")
    }

    @Test func versions() throws {
        let short = try Program.compose.run("version", "--short").output
        #expect(try Program.compose.run("version").output == "gocker-compose \(short)")
        #expect(try Program.compose.run("--version").output == "gocker-compose \(short)")
        #expect(try Program.compose.run("version", "-f", "json").output.contains("\"version\":\"\(short.dropLast())\""))
        #expect(try Program.compose.run("--ansi", "never", "-p", "x", "version", "--short").output == short)
    }
}
