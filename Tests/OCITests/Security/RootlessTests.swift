import JSON
import Linux
import Testing

@Suite("A user who is not root", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct RootlessTests {
    /// A container for user 1000 of the host, who is root inside and nobody else.
    private func container(_ script: String) throws -> Container {
        let container = try Container(script) {
            $0.mapUsers(from: 1000, count: 1)
            $0["linux.cgroupsPath"] = nil
            // Group 5, to which engines give terminals, is not mapped.
            $0.remove(from: "mounts", where: "destination", is: "/dev/pts")
            $0.mount("devpts", on: "/dev/pts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620")
        }
        try container.writeConfig()
        #expect(
            try Program.shell.run([
                "-c", "find '\(container.directory.path)' ! -name busybox -exec chown -h 1000:1000 {} +",
            ]).succeeded)
        return container
    }

    private func run(_ container: Container) throws -> Program.Outcome {
        try container.onHost(
            #"""
            XDG_RUNTIME_DIR="$DIRECTORY" exec setpriv --reuid 1000 --regid 1000 --clear-groups \
                "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"
            """#)
    }

    @Test func canRunAContainer() throws {
        let outcome = try run(container("id -u; cat /proc/self/uid_map"))
        #expect(outcome.lines.first == "0", "\(outcome.report)")
        #expect(outcome.lines.last?.split(separator: " ") == ["0", "1000", "1"])
    }

    /// CVE-2023-25809: without a cgroup namespace the mount shows the host's cgroups, and the user may own some of them.
    @Test func cannotWriteToCgroupsFromInside() throws {
        let outcome = try run(
            container(
                """
                for d in /sys/fs/cgroup /sys/fs/cgroup/*; do
                    [ -e $d/cgroup.procs ] || continue
                    mkdir $d/evil 2>/dev/null && echo "made $d/evil"
                    (echo 0 > $d/cgroup.procs) 2>/dev/null && echo "joined $d"
                done
                echo done
                """))
        #expect(outcome.lines == ["done"], "\(outcome.report)")
    }
}
