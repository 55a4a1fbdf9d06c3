import Linux
import Synchronization
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
        #expect(
            layout.unified
                == CgroupLayout.Unified(
                    path: "/cg", controllers: [.cpuset, .cpu, .blkio, .memory, .hugetlb, .pids, .rdma]))
        #expect(layout.named == [])
    }

    @Test func isAHierarchyForEachControllerInVersionOne() {
        let layout = detect([
            "/cg": .tmpfs, "/cg/cpu,cpuacct": .cgroup1, "/cg/memory": .cgroup1, "/cg/pids": .cgroup1,
        ])
        let expected = [
            CgroupLayout.Hierarchy(.cpu, "/cg/cpu,cpuacct"), .init(.cpuacct, "/cg/cpu,cpuacct"),
            .init(.memory, "/cg/memory"), .init(.pids, "/cg/pids"),
        ]
        #expect(layout == CgroupLayout(hierarchies: expected, unified: nil))
        #expect(layout.has(.pids))
    }

    @Test func isBothOnAHybridMachine() {
        let layout = detect(
            ["/cg": .tmpfs, "/cg/pids": .cgroup1, "/cg/unified": .cgroup2],
            ["/cg/unified/cgroup.controllers": "memory hugetlb\n"])
        #expect(layout.hierarchies == [CgroupLayout.Hierarchy(.pids, "/cg/pids")])
        #expect(layout.unified == CgroupLayout.Unified(path: "/cg/unified", controllers: [.memory, .hugetlb]))
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

    @Test func hasAllThirteenHierarchiesAndSystemds() {
        let names = [
            "cpu,cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "hugetlb", "net_cls,net_prio",
            "perf_event", "rdma", "systemd",
        ]
        let kinds = Dictionary(uniqueKeysWithValues: names.map { ("/cg/\($0)", FileSystemKind.cgroup1) })
        let layout = detect(kinds)
        #expect(layout.hierarchies.count == 13)
        #expect(layout.hierarchy(of: .cpuacct) == "/cg/cpu,cpuacct")
        #expect(layout.hierarchy(of: .networkPriority) == "/cg/net_cls,net_prio")
        #expect(layout.named == ["/cg/systemd"])
    }

    @Test func looksOnlyForWhatItIsAskedAbout() {
        let asked = Asked()
        let layout = CgroupLayout.detect(
            root: "/cg",
            kind: {
                asked.paths.withLock { $0 += 1 }
                return $0 == "/cg/pids" ? .cgroup1 : nil
            }, read: { _ in nil })
        #expect(layout.hierarchy(of: .pids) == "/cg/pids")
        // The root, `unified` and `pids`.
        #expect(asked.paths.withLock { $0 } == 3)
    }

    private final class Asked: Sendable {
        let paths = Mutex(0)
    }

    @Test func isEmptyWhereNothingIsMounted() {
        #expect(detect([:]) == CgroupLayout(hierarchies: [], unified: nil))
        #expect(!detect([:]).has(.pids))
    }

    @Test func hasNoControllersWhereTheyCannotBeRead() {
        #expect(detect(["/cg": .cgroup2]).unified?.controllers == [])
    }
}
