import Linux
import Testing

/// `gocker run` is killed at one system call after the other, by means of strace(1). `GOCKER_EVERY_POINT=1` leaves none
/// out.
@Suite(
    "gocker run, killed at any point",
    .enabled(if: TestFiles.isRoot && Strace.isUsable, "killing at a system call needs root, strace, and leave to trace")
)
struct RunKilledTests {
    /// The processes in the cgroups of a container.
    private func processes(of name: String) throws -> [Int32] {
        let mounts = try ["/sys/fs/cgroup"] + directoryEntries("/sys/fs/cgroup").map { "/sys/fs/cgroup/\($0)" }
        return mounts.flatMap { mount in
            let list = (try? readText("\(mount)/gocker-\(name)/cgroup.procs")) ?? ""
            return list.split(separator: "\n").compactMap { Int32($0) }
        }
    }

    /// Nothing of it runs on, and the next one of its name takes away what a killed one cannot: its empty cgroup.
    @Test(arguments: [[], ["--overlay", "-u", "1000", "--memory", "64m"], ["--network", "none", "-t"]])
    func leavesNothingThatRuns(options: [String]) throws {
        let name = "e2e-killed-anywhere-\(options.count)"
        let before = try MachineTraces(cgroupPrefix: "gocker-\(name)")
        let arguments =
            ["run", "--name", name, "--rootfs", TestFiles.rootfs] + options + ["/bin/sleep", "0.01"]
        let points = try Strace.points(of: Program.gocker.path, arguments)
        try #require(points.count > 50)
        for point in Strace.selected(points, about: 25) {
            _ = try Strace.run(Program.gocker.path, arguments, killedAt: point)
            let deadline = MonotonicTime.now + .seconds(5)
            while !(try processes(of: name).isEmpty), .now < deadline {
                _ = try Poller().wait(timeout: .milliseconds(5))
            }
            #expect(try processes(of: name) == [], "\(point)")
        }
        let next = try Program.gocker.run(arguments)
        #expect(next.exitCode == 0, "\(next.errors)")
        #expect(try MachineTraces(cgroupPrefix: "gocker-\(name)").cgroups == before.cgroups)
    }

    @Test func saysSoWhereItsMemoryLimitEndsItBeforeTheCommand() throws {
        let outcome = try Program.gocker.inside("--memory", "64k", script: "echo ran")
        #expect(outcome.exitCode == 125)
        #expect(outcome.output == "")
        #expect(
            outcome.errors == "gocker: the container's first process ended before it ran the command: "
                + "it was killed by SIGKILL (the memory limit is too low to start anything)\n")
    }

    @Test func saysSoWhereThereIsNoProc() throws {
        let outcome = try Program.gocker.onHost(
            "exec unshare --mount --propagation private sh -c 'umount -l /proc; exec $GOCKER run --rootfs $ROOTFS true'"
        )
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors.hasPrefix("gocker: there is no /proc"))
        let compose = try Program.gocker.onHost(
            "exec unshare --mount --propagation private sh -c 'umount -l /proc; exec \(Program.compose.path) ps'")
        #expect(compose.exitCode == 125)
        #expect(compose.errors.hasPrefix("gocker-compose: there is no /proc"))
    }
}
