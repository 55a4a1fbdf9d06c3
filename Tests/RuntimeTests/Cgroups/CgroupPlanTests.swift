import Linux
import Testing

@testable import Runtime

@Suite("The plan of a cgroup")
struct CgroupPlanTests {
    private let version1 = CgroupLayout(
        hierarchies: [.init(.cpu, "/cg/cpu"), .init(.memory, "/cg/memory"), .init(.pids, "/cg/pids")], unified: nil)
    private let version2 = CgroupLayout(
        hierarchies: [], unified: .init(path: "/cg", controllers: [.cpu, .memory, .pids]))
    private let hybrid = CgroupLayout(
        hierarchies: [.init(.pids, "/cg/pids")], unified: .init(path: "/cg/unified", controllers: [.memory]))
    private let all = Resources(pids: 20, memory: .mebibytes(64), cpus: CPUCount(1.5))

    /// Each directory with what is written in it.
    private func lines(_ plan: CgroupPlan) -> [String] {
        plan.members.map { member in
            let enabled = member.place.isUnified ? " +" + member.controllers.map(\.rawValue).joined(separator: "+") : ""
            return member.directory + enabled + member.writes.map { " \($0.file)=\($0.value)" }.joined()
        }
    }

    private func plan(_ resources: Resources, _ layout: CgroupLayout, tracked: Bool = false) throws -> [String] {
        lines(try CgroupPlan(path: "gocker-x", resources: resources, layout: layout, tracked: tracked))
    }

    @Test func hasADirectoryForEachLimitInVersionOne() throws {
        #expect(
            try plan(all, version1) == [
                "/cg/cpu/gocker-x cpu.cfs_period_us=100000 cpu.cfs_quota_us=150000",
                "/cg/memory/gocker-x memory.limit_in_bytes=67108864", "/cg/pids/gocker-x pids.max=20",
            ])
    }

    @Test func hasOneDirectoryInVersionTwo() throws {
        #expect(
            try plan(all, version2) == [
                "/cg/gocker-x +cpu+memory+pids cpu.max=150000 100000 memory.max=67108864 pids.max=20"
            ])
    }

    @Test func takesEachControllerFromWhereItIs() throws {
        #expect(
            try plan(Resources(pids: 20, memory: .mebibytes(64)), hybrid) == [
                "/cg/pids/gocker-x pids.max=20", "/cg/unified/gocker-x +memory memory.max=67108864",
            ])
    }

    @Test func isNothingWhereNothingIsLimited() throws {
        for layout in [version1, version2, hybrid] { #expect(try plan(Resources(), layout) == []) }
    }

    @Test func hasADirectoryToFindTheContainerByWhereItIsTracked() throws {
        #expect(try plan(Resources(), version1, tracked: true) == ["/cg/pids/gocker-x"])
        #expect(try plan(Resources(), version2, tracked: true) == ["/cg/gocker-x +"])
        #expect(try plan(Resources(), hybrid, tracked: true) == ["/cg/pids/gocker-x", "/cg/unified/gocker-x +"])
    }

    @Test func isAnErrorWhereNothingCanEnforceALimit() {
        #expect(throws: CgroupError.missingController(.cpu)) { try plan(all, hybrid) }
        let nothing = CgroupLayout(hierarchies: [], unified: nil)
        #expect(throws: CgroupError.missingController(.pids)) { try plan(Resources(pids: 1), nothing) }
        #expect(
            "\(CgroupError.missingController(.pids))"
                == "this machine has no pids cgroup controller to enforce the limit with (is it mounted below "
                + "/sys/fs/cgroup, writable, and not disabled on the kernel's command line?)")
    }

    @Test func tellsTheChildWhereToEnter() throws {
        let one = Cgroup(existing: try CgroupPlan(path: "x", resources: all, layout: version1))
        #expect(one.taskFiles == ["/cg/cpu/x/tasks", "/cg/memory/x/tasks", "/cg/pids/x/tasks"])
        #expect(one.unifiedDirectory == nil)
        let two = Cgroup(existing: try CgroupPlan(path: "x", resources: all, layout: version2))
        #expect(two.taskFiles == [])
        #expect(two.unifiedDirectory == "/cg/x")
    }

    @Test(arguments: [(0.01, 1000), (0.5, 50_000), (1, 100_000), (1.5, 150_000), (0.333, 33_300)])
    func countsProcessorsInMicroseconds(count: Double, quota: Int64) {
        #expect(CPUCount(count)?.quota == quota)
    }

    @Test(arguments: [0, -1, 0.009, .nan, .infinity, -.infinity, 1e300])
    func hasNoPlaceForWhatIsNoAmountOfProcessors(count: Double) {
        #expect(CPUCount(count) == nil)
    }
}
