import Linux
import Testing

@Suite("What services may do", .enabled(if: TestFiles.isRoot, "containers need root"))
struct StackRightsTests {
    /// What an instance printed, word by word.
    private func words(_ up: Program.Outcome, of instance: String) -> [[String]] {
        up.lines.filter { $0.hasPrefix("\(instance) ") }.map { line in
            line.split(whereSeparator: \.isWhitespace).dropFirst(2).map(String.init)
        }
    }

    @Test func capabilitiesAreWhatTheFileSays() throws {
        let status = #"command: [sh, -c, "grep -E '^Cap(Eff|Bnd)' /proc/self/status"]"#
        let stack = try StackFixture(
            """
            services:
              few: {rootfs: rootfs, \(status), cap_drop: [ALL], cap_add: [CHOWN, cap_net_admin]}
              user: {rootfs: rootfs, \(status), cap_drop: [ALL], cap_add: [CHOWN], user: "1000"}
              all: {rootfs: rootfs, \(status), cap_add: [ALL]}
            """)
        let up = try stack.compose("up")
        #expect(words(up, of: "few-1") == [["CapEff:", "0000000000001001"], ["CapBnd:", "0000000000001001"]])
        #expect(words(up, of: "user-1") == [["CapEff:", "0000000000000000"], ["CapBnd:", "0000000000000001"]])
        let own = try readText("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("CapBnd") }
        #expect(words(up, of: "all-1").last?.last == own?.split(whereSeparator: \.isWhitespace).last.map(String.init))
    }

    /// A namespace may be made only by whoever has CAP_SYS_ADMIN and a filter that lets it.
    @Test func systemCallsFollowCapabilities() throws {
        let command = #"command: [sh, -c, "unshare -m true && echo made || echo refused"]"#
        let stack = try StackFixture(
            """
            services:
              usual: {rootfs: rootfs, \(command)}
              admin: {rootfs: rootfs, \(command), cap_add: [SYS_ADMIN]}
            """)
        let up = try stack.compose("up")
        #expect(words(up, of: "usual-1").last == ["refused"])
        #expect(words(up, of: "admin-1").last == ["made"])
    }

    @Test func aPrivilegedServiceHasEverything() throws {
        let stack = try StackFixture(
            """
            services:
              a:
                rootfs: rootfs
                privileged: true
                command:
                  - sh
                  - -c
                  - |
                    grep ^Seccomp: /proc/self/status
                    grep ^NoNewPrivs: /proc/self/status
                    grep -c ' /sys sysfs rw' /proc/mounts
                    test -c /dev/kmsg && echo devices
                    mknod /tmp/null c 1 3 && echo >/tmp/null && echo made
                    mount -t tmpfs none /mnt && echo mounted
            """)
        let up = try stack.compose("up")
        #expect(
            words(up, of: "a-1") == [
                ["Seccomp:", "0"], ["NoNewPrivs:", "1"], ["1"], ["devices"], ["made"], ["mounted"],
            ])
    }

    @Test func groupsAreAddedByNameAndNumber() throws {
        let stack = try StackFixture(
            "services: {a: {rootfs: rootfs, command: [id, -G], user: \"1000:1000\", group_add: [tty, 4321]}}")
        #expect(words(try stack.compose("up"), of: "a-1") == [["1000", "5", "4321"]])
        try stack.write("services: {a: {rootfs: rootfs, command: [id, -G], group_add: [nobody-knows]}}")
        #expect(try stack.compose("up").errors.contains("no group \"nobody-knows\""))
    }

    @Test func devicesAreThereWithTheirPermissions() throws {
        let stack = try StackFixture(
            """
            services:
              a:
                rootfs: rootfs
                devices: ["/dev/zero:/dev/mine:r"]
                command:
                  - sh
                  - -c
                  - |
                    head -c 3 /dev/mine | wc -c
                    (echo x >/dev/mine) 2>/dev/null && echo written || echo kept
                    mknod /tmp/null c 1 3 && (echo >/tmp/null) 2>/dev/null && echo opened || echo closed
              b:
                rootfs: rootfs
                device_cgroup_rules: ["c 1:3 rw"]
                command:
                  - sh
                  - -c
                  - |
                    mknod /tmp/null c 1 3 && (echo >/tmp/null) 2>/dev/null && echo opened || echo closed
                    mknod /tmp/kmsg c 1 11 && (echo >/tmp/kmsg) 2>/dev/null && echo opened || echo closed
            """)
        let up = try stack.compose("up")
        #expect(words(up, of: "a-1") == [["3"], ["kept"], ["closed"]])
        #expect(words(up, of: "b-1") == [["opened"], ["closed"]])
    }

    /// What `exec` and `run` start has the rights of the service.
    @Test func holdForWhateverRunsInTheService() throws {
        let stack = try StackFixture(
            "services: {a: {rootfs: rootfs, command: [sleep, \"1000\"], cap_drop: [ALL], cap_add: [KILL]}}")
        try stack.compose("up", "-d")
        let exec = try stack.compose("exec", "-T", "a", "grep", "CapBnd", "/proc/self/status")
        #expect(exec.output.hasSuffix("0000000000000020\n"))
        let run = try stack.compose(
            "run", "-T", "--rm", "--cap-add", "CHOWN", "a", "grep", "CapBnd", "/proc/self/status")
        #expect(run.output.hasSuffix("0000000000000021\n"))
    }
}
