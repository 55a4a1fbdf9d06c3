import Linux
import Testing

@testable import Runtime

/// How a cgroup is frozen, killed, removed and made anew.
extension CgroupTests {
    @Test(
        .enabled(if: Machine.hasUnified, "no unified hierarchy"),
        arguments: [CgroupPlan.Membership.everywhere, .tracked])
    func isFrozenAndThawed(membership: CgroupPlan.Membership) throws {
        try with(Resources(), membership) { cgroup in
            let inmate = try Inmate(in: cgroup, "while :; do :; done")
            #expect(!cgroup.isFrozen)
            try cgroup.freeze()
            #expect(cgroup.isFrozen)
            let before = try readText("/proc/\(inmate.processID)/stat")
            Cgroup.pause(.milliseconds(50))
            let after = try readText("/proc/\(inmate.processID)/stat")
            #expect(before.split(separator: " ")[13] == after.split(separator: " ")[13])
            cgroup.thaw()
            #expect(!cgroup.isFrozen)
            try cgroup.freeze()
            // Also the dead must leave.
            cgroup.kill()
            #expect(try inmate.wait() == .signalled(.kill))
            #expect(!cgroup.isFrozen || cgroup.processes().isEmpty)
        }
    }

    @Test func isRefusedWhileFrozen() throws {
        let parent = try Cgroup(creating: try plan())
        defer {
            parent.thaw()
            parent.remove()
        }
        try? parent.freeze()
        let child = try CgroupPlan(
            path: path + "/child", resources: Resources(), layout: layout, membership: .everywhere)
        #expect(throws: CgroupError.frozen(path + "/child")) { try Cgroup(creating: child) }
        #expect(throws: CgroupError.frozen(path)) { try Cgroup(creating: try plan()) }
        for member in child.members { #expect((try? FileStatus.of(member.directory)) == nil) }
    }

    @Test(arguments: [CgroupPlan.Membership.everywhere, .tracked, .whereLimited], [true, false])
    func isKilledWhole(membership: CgroupPlan.Membership, atOnce: Bool) throws {
        try with(Resources(pids: 100), membership) { cgroup in
            let inmate = try Inmate(in: cgroup, "for i in 1 2 3 4 5 6; do sleep 60 & done; wait")
            #expect(wait { cgroup.processes().count >= 7 })
            if atOnce { cgroup.kill() } else { cgroup.killOneByOne() }
            #expect(try inmate.wait() == .signalled(.kill))
            #expect(cgroup.remove())
        }
    }

    /// What forks on and on is caught too.
    @Test(arguments: [CgroupPlan.Membership.everywhere, .whereLimited])
    func isKilledAlsoWhileItForks(membership: CgroupPlan.Membership) throws {
        try with(Resources(pids: 60), membership) { cgroup in
            let script = "f() { f 2>/dev/null & f 2>/dev/null & wait; }; exec 2>/dev/null; while :; do f; done"
            let inmate = try Inmate(in: cgroup, script)
            #expect(wait { cgroup.processes().count >= 20 })
            cgroup.killOneByOne()
            // The shell ends by itself where the limit is in its way.
            _ = try inmate.wait()
            #expect(cgroup.remove())
        }
    }

    @Test func signalsEveryProcess() throws {
        try with { cgroup in
            // Those of the test's threads block most signals, and so do their children; not this one.
            let stop = Signal(rawValue: 19)
            let inmate = try Inmate(in: cgroup, "sleep 60 & sleep 60 & wait")
            #expect(wait { cgroup.processes().count == 3 })
            cgroup.signalAll(stop)
            #expect(
                wait {
                    cgroup.processes().allSatisfy { process in
                        ((try? readText("/proc/\(process)/stat")) ?? "").contains(") T ")
                    }
                })
            cgroup.signalAll(.kill)
            #expect(try inmate.wait() == .signalled(.kill))
            #expect(wait { cgroup.processes().isEmpty })
        }
    }

    @Test func isRemovedWithWhatItsProcessesMade() throws {
        try with { cgroup in
            for directory in cgroup.directories { try makeDirectories(directory + "/a/b") }
            let inner = Cgroup(
                existing: cgroup.places.map {
                    CgroupPlace(mount: $0.mount, path: $0.path + "/a/b", isUnified: $0.isUnified)
                })
            for place in inner.places where !place.isUnified {
                if place.text("cpuset.cpus") != nil {
                    try CpusetInheritance.complete(place.directory, mount: place.mount)
                }
            }
            let inmate = try Inmate(in: inner, "sleep 60")
            #expect(cgroup.processes() == inner.processes() && cgroup.processes().contains(inmate.processID))
            cgroup.kill()
            #expect(try inmate.wait() == .signalled(.kill))
        }
    }

    @Test func isNotTakenFromSomebodyElse() throws {
        try with { cgroup in
            let inmate = try Inmate(in: cgroup, "sleep 60")
            #expect(throws: CgroupError.inUse(path)) { try Cgroup(creating: try plan()) }
            #expect(cgroup.processes().contains(inmate.processID))
        }
    }

    @Test func thatWasMadeBeforeIsUsedAsItIs() throws {
        try with(Resources(pids: 9)) { cgroup in
            for directory in cgroup.directories { try makeDirectory(directory + "/inner") }
            let again = try Cgroup(creating: try plan())
            #expect(again == cgroup)
            #expect(value(again, "pids.max", "pids.max") == "9")
            for directory in cgroup.directories { #expect((try? FileStatus.of(directory + "/inner")) != nil) }
        }
    }

    @Test func isMadeAnewWhereSomebodyWasKilled() throws {
        try with { cgroup in
            let first = try Inmate(in: cgroup, "while :; do :; done")
            Cgroup.pause(.milliseconds(20))
            cgroup.kill()
            #expect(try first.wait() == .signalled(.kill))
            #expect(wait { cgroup.processes().isEmpty })
            let again = try Cgroup(creating: try plan())
            let second = try Inmate(in: again, "exit 3")
            #expect(try second.wait() == .exited(3))
        }
    }
}
