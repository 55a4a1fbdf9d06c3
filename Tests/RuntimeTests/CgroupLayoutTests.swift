import Linux
import Testing

@testable import Runtime

@Suite("The layout of a machine's cgroups")
struct CgroupLayoutTests {
    /// Detects on a machine that has these file systems and files.
    private func detect(_ kinds: [String: FileSystemKind], _ files: [String: String] = [:]) -> CgroupLayout {
        CgroupLayout.detect(root: "/cg", kind: { kinds[$0] }, read: { files[$0] })
    }

    @Test func isUnifiedWhereTheRootIsVersionTwo() {
        let layout = detect(["/cg": .cgroup2], ["/cg/cgroup.controllers": "cpuset cpu io memory hugetlb pids rdma\n"])
        #expect(layout.hierarchies == [])
        #expect(layout.unified == CgroupLayout.Unified(path: "/cg", controllers: [.cpu, .memory, .pids]))
    }

    @Test func isAHierarchyForEachControllerInVersionOne() {
        let layout = detect([
            "/cg": .tmpfs, "/cg/cpu,cpuacct": .cgroup1, "/cg/memory": .cgroup1, "/cg/pids": .cgroup1,
        ])
        let expected = [
            CgroupLayout.Hierarchy(.cpu, "/cg/cpu,cpuacct"), .init(.memory, "/cg/memory"), .init(.pids, "/cg/pids"),
        ]
        #expect(layout == CgroupLayout(hierarchies: expected, unified: nil))
        #expect(layout.has(.pids))
    }

    @Test func isBothOnAHybridMachine() {
        let layout = detect(
            ["/cg": .tmpfs, "/cg/pids": .cgroup1, "/cg/unified": .cgroup2],
            ["/cg/unified/cgroup.controllers": "memory hugetlb\n"])
        #expect(layout.hierarchies == [CgroupLayout.Hierarchy(.pids, "/cg/pids")])
        #expect(layout.unified == CgroupLayout.Unified(path: "/cg/unified", controllers: [.memory]))
        #expect(layout.has(.pids) && layout.has(.memory))
        #expect(!layout.has(.cpu))
    }

    @Test func doesNotCountPlainDirectoriesThatSomebodyLeft() {
        let layout = detect([
            "/cg": .tmpfs, "/cg/pids": .tmpfs, "/cg/memory": .tmpfs, "/cg/cpu": .cgroup1, "/cg/unified": .tmpfs,
        ])
        #expect(layout.hierarchies == [CgroupLayout.Hierarchy(.cpu, "/cg/cpu")])
        #expect(layout.unified == nil)
    }

    @Test func isEmptyWhereNothingIsMounted() {
        #expect(detect([:]) == CgroupLayout(hierarchies: [], unified: nil))
        #expect(!detect([:]).has(.pids))
    }

    @Test func hasNoControllersWhereTheyCannotBeRead() {
        #expect(detect(["/cg": .cgroup2]).unified?.controllers == [])
    }
}
