import Linux
import Testing

/// With `--systemd-cgroup`, which is an option of runc's and crun's that engines use.
@Suite("Cgroups that systemd makes", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct SystemdTests {
    private static let isThere = (try? FileStatus.of("/run/systemd/system")) != nil && Cgroups.isUnified
    private static let reason = "systemd does not run here, or with version 1 of cgroups"

    private func container(_ script: String) throws -> Container {
        let container = try Container()
        container.config = .standard(script: script, cgroup: "system.slice:gocker-oci:\(container.id)")
        try container.writeConfig()
        return container
    }

    private func make(_ container: Container, _ verb: String) throws -> Program.Outcome {
        try container.runtime("--systemd-cgroup", verb, "--bundle", container.bundle, container.id)
    }

    private func state(ofScope container: Container) throws -> String {
        try Program(path: "/bin/systemctl").run(["is-active", "gocker-oci-\(container.id).scope"]).output
    }

    @Test(.enabled(if: isThere, "\(reason)"))
    func areScopesForAsLongAsTheContainerIsThere() throws {
        let container = try container("cat /proc/self/cgroup; sleep 1000")
        let created = try make(container, "create")
        #expect(created.succeeded, "\(created.report)")
        #expect(try state(ofScope: container) == "active\n")
        let directory = "/sys/fs/cgroup/system.slice/gocker-oci-\(container.id).scope"
        #expect(try !readText("\(directory)/cgroup.procs").isEmpty)
        #expect(try container.start().succeeded)
        let executed = try container.exec(script: "cat /proc/self/cgroup")
        #expect(executed.output == "0::/system.slice/gocker-oci-\(container.id).scope\n", "\(executed.report)")
        #expect(try container.runtime("update", "--pids-limit", "33", container.id).succeeded)
        #expect(try readText("\(directory)/pids.max") == "33\n")
        let deleted = try container.runtime("delete", "--force", container.id)
        #expect(deleted.succeeded && deleted.errors == "", "\(deleted.report)")
        #expect(try state(ofScope: container) == "inactive\n")
        #expect((try? FileStatus.of(directory)) == nil)
    }

    @Test(.enabled(if: isThere, "\(reason)"))
    func areOfOneContainerOnly() throws {
        let first = try container("sleep 1000")
        #expect(try make(first, "create").succeeded)
        let second = try container("true")
        second.config = .standard(script: "true", cgroup: "system.slice:gocker-oci:\(first.id)")
        try second.writeConfig()
        #expect(try !make(second, "run").succeeded)
        #expect(try state(ofScope: first) == "active\n")
        #expect(try first.start().succeeded)
    }

    @Test(.enabled(if: isThere, "\(reason)"))
    func leaveNothingWhereThePayloadEndsByItself() throws {
        for _ in 0..<5 {
            let container = try container("exit 3")
            let outcome = try make(container, "run")
            #expect(outcome.exitCode == 3, "\(outcome.report)")
            #expect(outcome.errors == "")
            #expect(try state(ofScope: container) == "inactive\n")
        }
    }

    @Test(.enabled(if: !isThere, "systemd runs here"))
    func areRefusedWhereItDoesNotRun() throws {
        let container = try container("true")
        let outcome = try make(container, "run")
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("systemd"), "\(outcome.report)")
        #expect(try container.runtime("state", container.id).exitCode != 0)
    }
}
