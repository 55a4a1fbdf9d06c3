import Linux
import Testing

@testable import Runtime

/// Leaves of a cgroup of the machine that runs the tests.
@Suite("A leaf below a container's cgroup", .enabled(if: effectiveUserID == 0, "cgroups need root"))
struct CgroupLeafTests {
    private let layout = CgroupLayout.detect()

    /// A cgroup that is limited, so that version 2 has controllers in it.
    private func with(_ body: (Cgroup) throws -> Void) throws {
        let path = "gocker-test-\(try randomBytes(6).map { String($0, radix: 16) }.joined())/app-1.1-1"
        let plan = try CgroupPlan(path: path, resources: Resources(pids: 100), layout: layout, tracked: true)
        let cgroup = try Cgroup(creating: plan)
        defer {
            cgroup.kill()
            #expect(cgroup.remove())
            for directory in cgroup.directories { try? removeDirectory(parentDirectory(of: directory) ?? "") }
        }
        try body(cgroup)
    }

    private func wait(_ condition: () -> Bool) -> Bool {
        let deadline = MonotonicTime.now + .seconds(20)
        while !condition() {
            guard .now < deadline else { return false }
            Cgroup.pause(.milliseconds(2))
        }
        return true
    }

    /// Two sessions and four parents away from who started them.
    private static let fleeing = """
        for i in 1 2 3; do (setsid sh -c '(setsid sh -c "trap \\"\\" TERM; while :; do sleep 60; done" &) &' &); done
        sleep 60
        """

    @Test func endsWithAllThatFledFromItWhileTheContainerGoesOn() throws {
        try with { cgroup in
            let container = try Inmate(in: cgroup, "exec sleep 60")
            let leaf = try CgroupLeaf(below: cgroup)
            let probe = try Inmate(in: leaf.entry, Self.fleeing)
            // The probe, its sleep, and three shells with theirs.
            #expect(wait { leaf.processes().count >= 8 }, "\(leaf.processes())")
            #expect(!leaf.processes().contains(container.processID))
            #expect(!leaf.removeIfEmpty())
            leaf.kill()
            _ = try probe.wait()
            #expect(wait { leaf.processes().isEmpty })
            #expect(wait { leaf.removeIfEmpty() })
            #expect(cgroup.processes() == [container.processID])
        }
    }

    @Test func countsForTheContainersLimit() throws {
        try with { cgroup in
            let leaf = try CgroupLeaf(below: cgroup)
            defer { leaf.remove() }
            let probe = try Inmate(in: leaf.entry, "sleep 60 & wait")
            #expect(cgroup.processes().contains(probe.processID))
            #expect(wait { cgroup.currentPids() == 2 })
            leaf.kill()
        }
    }

    @Test func goesWithTheContainers() throws {
        try with { cgroup in
            let leaf = try CgroupLeaf(below: cgroup)
            let probe = try Inmate(in: leaf.entry, "sleep 60")
            cgroup.kill()
            _ = try probe.wait()
        }
    }

    @Test func hasANameOfItsOwn() throws {
        try with { cgroup in
            let leaves = try [CgroupLeaf(below: cgroup), CgroupLeaf(below: cgroup)]
            #expect(leaves[0] != leaves[1])
            for leaf in leaves { #expect(leaf.removeIfEmpty()) }
        }
    }
}
