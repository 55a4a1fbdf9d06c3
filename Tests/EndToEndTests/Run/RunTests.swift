import Linux
import Testing

@Suite("gocker run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunTests {
    @Test func theCommandIsProcessOneAndSeesOnlyItsOwn() throws {
        let outcome = try Program.gocker.run("run", "--rootfs", TestFiles.rootfs, "/bin/ps", "-o", "pid,comm")
        #expect(outcome.exitCode == 0)
        #expect(outcome.lines.map { $0.trimmed } == ["PID   COMMAND", "1 ps"])
    }

    @Test func theRootOfProcessOneIsTheContainer() throws {
        let outcome = try Program.gocker.inside(script: "ls /proc/1/root/")
        #expect(outcome.lines == (try directoryEntries(TestFiles.rootfs)).sorted())
    }

    @Test func ownNamespacesAreAllButTheNetwork() throws {
        let script = "for n in mnt uts ipc pid cgroup net user; do readlink /proc/self/ns/$n; done"
        let host = try Program.gocker.onHost(script).lines
        let inside = try Program.gocker.inside(script: script).lines
        #expect(inside.count == 7)
        #expect(zip(host, inside).map { $0 == $1 } == [false, false, false, false, false, true, true])
    }

    @Test func aNetworkOfItsOwnHasLoopbackUpAndNothingElse() throws {
        let script = "readlink /proc/self/ns/net; ls /proc/sys/net/ipv4/conf; ping -c 1 -w 2 127.0.0.1 >&2; echo $?"
        let outcome = try Program.gocker.inside("--network", "none", script: script)
        #expect(Array(outcome.lines.dropFirst()) == ["all", "default", "lo", "0"])
        #expect(outcome.lines.first != (try readSymbolicLink("/proc/self/ns/net")))
        #expect(try Program.gocker.inside("--network", "none", script: "ls /sys/class/net").output == "lo\n")
    }

    @Test func theHostKeepsItsName() throws {
        let name = try readText("/proc/sys/kernel/hostname")
        let outcome = try Program.gocker.inside("--hostname", "inner", script: "hostname; echo $HOSTNAME")
        #expect(outcome.lines == ["inner", "inner"])
        #expect(try readText("/proc/sys/kernel/hostname") == name)
    }

    @Test func theHostNameIsTheContainersUnlessChosen() throws {
        let long = String(repeating: "n", count: 100)
        #expect(try Program.gocker.inside("--name", "e2e-named", script: "hostname").output == "e2e-named\n")
        #expect(try Program.gocker.inside("--name", long, script: "hostname").output == "\(long.prefix(64))\n")
        let tooLong = try Program.gocker.inside("--hostname", long, script: "hostname")
        #expect(tooLong.exitCode == 125)
        #expect(tooLong.errors == "gocker: sethostname \(long): Invalid argument\n")
    }

    @Test func theCgroupsSeenAreTheContainersRoots() throws {
        let paths = try Program.gocker.inside(script: "cut -d: -f3 /proc/self/cgroup").lines
        #expect(!paths.isEmpty)
        #expect(Set(paths).isSubset(of: ["/", "/.."]) && paths.contains("/"))
    }

    @Test func nothingIsLeftAfterTwentyRounds() throws {
        let before = try MachineTraces(cgroupPrefix: "gocker-e2e-rounds")
        for round in 0..<20 {
            let name = "e2e-rounds-\(round)"
            let outcome = try Program.gocker.inside(
                "--name", name, "--overlay", "--memory", "64m", script: "sleep 100 & exit \(round)")
            #expect(outcome.exitCode == Int32(round))
        }
        #expect(try MachineTraces(cgroupPrefix: "gocker-e2e-rounds") == before)
    }

    @Test func worksWithoutPivotRoot() throws {
        let outcome = try Program.gocker.inside("--no-pivot", script: "echo $$; ls /; wc -l < /proc/self/mountinfo")
        #expect(outcome.exitCode == 0)
        let pivoted = try Program.gocker.inside(script: "echo $$; ls /; wc -l < /proc/self/mountinfo")
        #expect(outcome.lines == pivoted.lines)
        let upwards = try Program.gocker.inside("--no-pivot", script: "cd /../../..; ls /..")
        #expect(upwards.lines == (try directoryEntries(TestFiles.rootfs)).sorted())
    }
}

extension String {
    /// Without spaces at both ends.
    var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
