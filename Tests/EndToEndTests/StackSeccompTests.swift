import Linux
import Testing

@Suite("Which system calls services may make", .enabled(if: TestFiles.isRoot, "containers need root"))
struct StackSeccompTests {
    private let command = #"["sh", "-c", "grep ^Seccomp: /proc/self/status; mkdir /tmp/x 2>&1"]"#

    @Test func areThoseOfTheProfileOfEach() throws {
        let stack = try StackFixture(
            """
            services:
              standard: {rootfs: rootfs, command: \(command)}
              free: {rootfs: rootfs, command: \(command), security_opt: ["seccomp:unconfined"]}
              own: {rootfs: rootfs, command: \(command), security_opt: [seccomp=profile.json]}
            """)
        try stack.directory.write(
            "profile.json",
            """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}
            """)
        let up = try stack.compose("up")
        let lines = up.output.split(separator: "\n").filter { $0.contains(" | ") }.map { line in
            line.split(separator: " ").filter { $0 != "|" }.joined(separator: " ")
        }
        #expect(
            lines.sorted() == [
                "free-1 Seccomp:\t0", "own-1 Seccomp:\t2",
                "own-1 mkdir: can't create directory '/tmp/x': No space left on device", "standard-1 Seccomp:\t2",
            ])
    }

    @Test func areCheckedBeforeAnythingStarts() throws {
        let stack = try StackFixture(
            "services: {a: {rootfs: rootfs, command: [\"true\"], security_opt: [seccomp=none.json]}}")
        let missing = try stack.compose("up")
        #expect(missing.exitCode != 0)
        #expect(missing.errors.contains("there is no seccomp profile \"\(stack.directory.path)/none.json\""))

        try stack.directory.write("none.json", #"{"defaultAction": "ALLOW"}"#)
        let broken = try stack.compose("up")
        #expect(broken.exitCode != 0)
        #expect(broken.errors.contains("defaultAction: unknown action \"ALLOW\""))
    }
}
