import Linux
import Testing

@Suite("Secrets and configs of services", .enabled(if: TestFiles.isRoot, "containers need root"))
struct StackSecretTests {
    private let secret = "very-secret-\(UInt64.random(in: 0 ... .max))"

    private func up(_ stack: StackFixture, _ arguments: String..., environment: [String]) throws -> Program.Outcome {
        try Program.compose.run(
            ["-f", stack.file, "-p", stack.project] + arguments, environment: stack.environment + environment)
    }

    private func stack(_ command: String) throws -> StackFixture {
        let stack = try StackFixture(
            """
            services:
              a:
                rootfs: rootfs
                command: \(command)
                secrets: [file, {source: variable, target: other, uid: "1005", gid: "1006", mode: 0440}]
                configs: [{source: text, target: /etc/app.conf}, file]
            secrets: {file: {file: secret.txt}, variable: {environment: GOCKER_TEST_SECRET}}
            configs: {text: {content: "port: 80\\n"}, file: {file: secret.txt}}
            """)
        try stack.directory.write("secret.txt", "in a file\n")
        return stack
    }

    @Test func areFilesThatTheServiceCannotChange() throws {
        let stack = try stack(
            """
            [sh, -c, "cd /run/secrets; stat -c '%n %u:%g %a' *; cat file other /etc/app.conf /file; \
            (echo x >file) 2>/dev/null || echo kept; grep -c ' /run/secrets/other .*nosuid,nodev,noexec' /proc/mounts"]
            """)
        let up = try up(stack, "up", environment: ["GOCKER_TEST_SECRET=\(secret)\n"])
        let printed = up.lines.filter { $0.hasPrefix("a-1 ") }.map { String($0.drop { $0 != "|" }.dropFirst(2)) }
        #expect(
            printed == [
                "file 0:0 444", "other 1005:1006 440", "in a file", secret, "port: 80", "in a file", "kept", "1",
            ])
    }

    @Test func fromVariablesAreNeverOnTheDisk() throws {
        let stack = try stack("[sleep, \"1000\"]")
        #expect(try up(stack, "up", "-d", environment: ["GOCKER_TEST_SECRET=\(secret)"]).exitCode == 0)
        #expect(try stack.compose("exec", "-T", "a", "cat", "/run/secrets/other").output == secret)
        let grep = try Program(path: "/bin/sh").run(["-c", "grep -r '\(secret)' \(stack.dataBase)"])
        #expect(grep.output == "")
        // A new supervisor starts it again with the same content.
        try SupervisorDeathTests.supervisor(of: stack).send(.kill)
        #expect(try stack.compose("restart", "-t", "0").exitCode == 0)
        #expect(try stack.compose("exec", "-T", "a", "cat", "/run/secrets/other").output == secret)
        try stack.compose("down", "-t", "0")
        #expect(try Program(path: "/bin/sh").run(["-c", "grep -r '\(secret)' \(stack.runBase)"]).output == "")
    }

    @Test func thatHaveChangedMakeTheServiceAnew() throws {
        let stack = try stack("[sleep, \"1000\"]")
        func start() throws -> Int32 {
            #expect(try up(stack, "up", "-d", "-t", "0", environment: ["GOCKER_TEST_SECRET=\(secret)"]).exitCode == 0)
            return try stack.processID(of: "a-1")
        }
        let first = try start()
        #expect(try start() == first)
        try stack.directory.write("secret.txt", "another\n")
        let plan = try up(stack, "plan", environment: ["GOCKER_TEST_SECRET=\(secret)"])
        #expect(plan.output.contains("secrets.file: old content → new content"))
        #expect(try start() != first)
        #expect(try stack.compose("exec", "-T", "a", "cat", "/run/secrets/file").output == "another\n")
        let other = try up(stack, "plan", environment: ["GOCKER_TEST_SECRET=else"])
        #expect(other.output.contains("secrets.variable: old content → new content"))
    }

    @Test func areThereForOtherCommands() throws {
        let stack = try stack("[\"true\"]")
        let run = try up(
            stack, "run", "-T", "--rm", "a", "cat", "/run/secrets/other",
            environment: ["GOCKER_TEST_SECRET=\(secret)"])
        #expect(run.output == secret)
    }

    @Test func thatAreMissingAreToldBeforeAnythingStarts() throws {
        let stack = try stack("[\"true\"]")
        let missing = try up(stack, "up", environment: [])
        #expect(missing.exitCode != 0)
        #expect(
            missing.errors.contains("the secret \"variable\" is the variable \"GOCKER_TEST_SECRET\", which is not set"))
        try stack.write(
            "services: {a: {rootfs: rootfs, command: \"true\", secrets: [s]}}\nsecrets: {s: {external: true}}")
        #expect(try stack.compose("up").errors.contains("the secret \"s\" is external, and there is no store"))
    }
}
