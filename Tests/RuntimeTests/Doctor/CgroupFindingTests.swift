import Linux
import Testing

@testable import Runtime

@Suite("What the doctor says of cgroups")
struct CgroupFindingTests {
    private var host = FakeDoctorHost.complete
    private var usersHost = FakeDoctorHost.completeForUser

    @Test mutating func controllersOfVersion2AreListed() {
        #expect(
            CgroupCheck().verdicts(on: host) == ["ok cgroups: version 2: cpuset cpu io memory hugetlb pids rdma misc"])
        host.files["/sys/fs/cgroup/cgroup.controllers"] = "cpuset cpu io pids\n"
        #expect(
            CgroupCheck().verdicts(on: host) == [
                "ok cgroups: version 2: cpuset cpu io pids", "missing cgroups: no memory controller",
            ])
        #expect(CgroupCheck().findings(on: host)[1].remedy?.contains("cgroup_disable=memory") == true)
    }

    @Test mutating func bothSidesOfAHybridAreListed() {
        host.kinds = [
            "/sys/fs/cgroup": .tmpfs, "/sys/fs/cgroup/unified": .cgroup2, "/sys/fs/cgroup/memory": .cgroup1,
            "/sys/fs/cgroup/cpu": .cgroup1,
        ]
        host.files["/sys/fs/cgroup/unified/cgroup.controllers"] = "pids io\n"
        host.writable = Set(host.kinds.keys)
        #expect(
            CgroupCheck().verdicts(on: host) == [
                "ok cgroups: version 1: cpu memory; version 2: pids io",
                "missing cgroups: no cpuset controller",
            ])
    }

    @Test mutating func version1AloneNeedsAFreezer() {
        host.kinds = Dictionary(
            uniqueKeysWithValues: ["cpu", "cpuset", "memory", "pids", "blkio"].map {
                ("/sys/fs/cgroup/\($0)", FileSystemKind.cgroup1)
            })
        host.writable = Set(host.kinds.keys)
        #expect(
            CgroupCheck().verdicts(on: host) == [
                "ok cgroups: version 1: cpu cpuset memory blkio pids", "missing cgroups: no freezer controller",
            ])
    }

    @Test mutating func containersRunWithoutAny() {
        host.kinds = [:]
        #expect(CgroupCheck().verdicts(on: host) == ["missing cgroups: none below /sys/fs/cgroup"])
    }

    @Test mutating func inAContainerOfAnEngineTheyMayBeReadOnly() {
        host.writable = []
        #expect(CgroupCheck().verdicts(on: host) == ["missing cgroups: mounted read-only"])
    }

    @Test mutating func anOrdinaryUserNeedsItsOwnPassedOn() {
        #expect(DelegationCheck().verdicts(on: host) == [])
        #expect(
            DelegationCheck().verdicts(on: usersHost) == [
                "ok delegation: /user.slice/shell.scope with cpuset cpu io memory pids"
            ])
        usersHost.files["/sys/fs/cgroup/user.slice/shell.scope/cgroup.controllers"] = "memory pids\n"
        #expect(
            DelegationCheck().verdicts(on: usersHost) == [
                "warning delegation: /user.slice/shell.scope, without cpuset cpu io"
            ])
        usersHost.writable = []
        #expect(
            DelegationCheck().verdicts(on: usersHost) == [
                "missing delegation: /user.slice/shell.scope is not ours to change"
            ])
        usersHost.kinds = ["/sys/fs/cgroup/memory": .cgroup1]
        #expect(DelegationCheck().verdicts(on: usersHost) == ["missing delegation: version 1 of cgroups is root's"])
    }

    @Test mutating func systemdIsThereOrNot() {
        #expect(SystemdCheck().verdicts(on: host) == ["ok systemd: runs"])
        host.files["/run/systemd/system/x"] = nil
        #expect(SystemdCheck().verdicts(on: host) == ["warning systemd: does not run"])
    }

    @Test func whatIsEssentialDecides() {
        let lacks = [
            Finding.missing("a", "", cost: "", remedy: ""), .warning("b", "", cost: "", remedy: ""), .ok("c", ""),
        ]
        #expect(Diagnosis(findings: lacks).canRun)
        let obstacle = Finding.missing("d", "", essential: true, cost: "", remedy: "")
        #expect(Diagnosis(findings: lacks + [obstacle]).obstacles == [obstacle])
        #expect(!Diagnosis(findings: [obstacle]).canRun)
    }
}
