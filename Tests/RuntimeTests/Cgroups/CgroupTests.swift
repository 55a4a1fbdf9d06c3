import JSON
import Linux
import Testing

@testable import Runtime

/// Cgroups of the machine that runs the tests; each test has one of its own and removes it.
@Suite("A cgroup", .enabled(if: effectiveUserID == 0, "cgroups need root"), .serialized)
struct CgroupTests {
    let layout = Machine.layout
    let path: String

    init() throws { path = "gocker-test-\(try randomBytes(6).map { String($0, radix: 16) }.joined())" }

    func plan(
        _ resources: Resources = Resources(), _ membership: CgroupPlan.Membership = .everywhere
    ) throws -> CgroupPlan {
        try CgroupPlan(path: path, resources: resources, layout: layout, membership: membership)
    }

    func with(
        _ resources: Resources = Resources(), _ membership: CgroupPlan.Membership = .everywhere,
        _ body: (Cgroup) throws -> Void
    ) throws {
        let cgroup = try Cgroup(creating: try plan(resources, membership))
        defer {
            cgroup.kill()
            #expect(cgroup.remove())
            for directory in cgroup.directories { #expect((try? FileStatus.of(directory)) == nil) }
        }
        try body(cgroup)
    }

    /// Waits until something holds.
    ///
    /// - Returns: whether it does.
    func wait(_ condition: () -> Bool) -> Bool {
        let deadline = MonotonicTime.now + .seconds(10)
        while !condition() {
            guard .now < deadline else { return false }
            Cgroup.pause(.milliseconds(2))
        }
        return true
    }

    func value(_ cgroup: Cgroup, _ version1: String, _ version2: String) -> String? {
        (cgroup.version1(version1) ?? cgroup.version2(version2))?.split(separator: "\n").first.map(String.init)
    }

    @Test func isEnteredEverywhere() throws {
        try with { cgroup in
            let inmate = try Inmate(in: cgroup, "sleep 60")
            let lines = try readText("/proc/\(inmate.processID)/cgroup").split(separator: "\n")
            #expect(lines.allSatisfy { $0.hasSuffix("/" + path) }, "\(lines)")
            #expect(cgroup.processes().contains(inmate.processID))
            let saved = try cgroup.places.map { try CgroupPlace(mount: $0.mount, path: $0.path) }
            #expect(Cgroup(existing: saved) == cgroup)
        }
    }

    @Test func hasItsLimits() throws {
        var resources = Resources(pids: 17, memory: .mebibytes(64), cpus: CPUCount(0.5))
        resources.memory.swap = 96 << 20
        resources.memory.reservation = 32 << 20
        resources.cpu.shares = 512
        resources.cpu.cpus = "0"
        try with(resources) { cgroup in
            #expect(value(cgroup, "pids.max", "pids.max") == "17")
            #expect(value(cgroup, "memory.limit_in_bytes", "memory.max") == "67108864")
            #expect(
                value(cgroup, "memory.memsw.limit_in_bytes", "-") == "100663296"
                    || value(cgroup, "-", "memory.swap.max") == "33554432")
            #expect(value(cgroup, "memory.soft_limit_in_bytes", "memory.low") == "33554432")
            #expect(["512", "59"].contains(value(cgroup, "cpu.shares", "cpu.weight")))
            #expect(["50000", "50000 100000"].contains(value(cgroup, "cpu.cfs_quota_us", "cpu.max")))
            #expect(value(cgroup, "cpuset.cpus", "cpuset.cpus") == "0")
        }
    }

    @Test(.enabled(if: Machine.hasBurst, "this kernel knows no bursts"))
    func mayUseMoreForAMoment() throws {
        var resources = Resources(cpus: CPUCount(0.5))
        resources.cpu.burst = 1000
        try with(resources) { cgroup in
            #expect(value(cgroup, "cpu.cfs_burst_us", "cpu.max.burst") == "1000")
        }
    }

    @Test(.enabled(if: Machine.layout.has(.blkio) && Machine.disk != nil, "no block device, or nothing to limit it"))
    func throttlesADisk() throws {
        let disk = try #require(Machine.disk)
        var resources = Resources()
        resources.blockIO.throttleReadBps = [.init(disk, rate: 1 << 20)]
        resources.blockIO.throttleWriteIOPS = [.init(disk, rate: 100)]
        try with(resources) { cgroup in
            let read = value(cgroup, "blkio.throttle.read_bps_device", "io.max")
            #expect(
                read == "\(disk.text) 1048576" || read == "\(disk.text) rbps=1048576 wbps=max riops=max wiops=100")
            var lifted = Resources()
            lifted.blockIO.throttleReadBps = [.init(disk, rate: 0)]
            lifted.blockIO.throttleWriteIOPS = [.init(disk, rate: 0)]
            try cgroup.update(lifted, layout: layout)
            #expect(value(cgroup, "blkio.throttle.read_bps_device", "io.max") == nil)
        }
        resources.blockIO.throttleReadBps = [.init(DeviceNumber(major: 4000, minor: 0), rate: 1)]
        do {
            _ = try Cgroup(creating: try plan(resources))
            Issue.record("a device that is not there was taken")
        } catch let error as CgroupError {
            #expect("\(error)".hasSuffix("(there is no such block device)"), "\(error)")
        }
    }

    @Test(.enabled(if: Machine.realtime != nil, "no real-time scheduling by cgroup"))
    func hasRealTimeBelowOthers() throws {
        var resources = Resources()
        resources.cpu.realtimePeriod = 1_000_000
        resources.cpu.realtimeRuntime = 10_000
        func plan(_ name: String) throws -> CgroupPlan {
            try CgroupPlan(path: "\(path)/deep/\(name)", resources: resources, layout: layout, membership: .tracked)
        }
        let cgroups = [try Cgroup(creating: plan("a")), try Cgroup(creating: plan("b"))]
        defer {
            for cgroup in cgroups { cgroup.remove() }
            for hierarchy in layout.hierarchies.map(\.path) + [layout.unified?.path].compactMap({ $0 }) {
                for name in ["\(path)/deep", path] { try? removeDirectory("\(hierarchy)/\(name)") }
            }
        }
        #expect(cgroups.map { $0.version1("cpu.rt_runtime_us") } == ["10000\n", "10000\n"])
        let directory = try #require(cgroups[0].directories.first { $0.contains("/cpu/") || $0.contains("/cpu,") })
        let parent = try #require(parentDirectory(of: directory))
        #expect(try readText("\(parent)/cpu.rt_runtime_us") == "20000\n")
        // More than there is, and than fits in a number.
        for runtime in [990_000, Int64.max] {
            resources.cpu.realtimeRuntime = runtime
            #expect(throws: CgroupError.self) { try Cgroup(creating: plan("c")) }
        }
        // The next run of an instance begins before the cgroup of the last one is gone.
        resources.cpu.realtimeRuntime = 500_000
        let (last, next) = (try Cgroup(creating: plan("d.1")), try Cgroup(creating: plan("d.2")))
        #expect([last, next].map { $0.version1("cpu.rt_runtime_us") } == ["0\n", "500000\n"])
        for cgroup in [last, next] { cgroup.remove() }
    }

    @Test(.enabled(if: Machine.hugePages != nil, "no huge pages, or nothing to limit them"))
    func limitsHugePages() throws {
        let size = try #require(Machine.hugePages)
        var resources = Resources()
        resources.hugepageLimits = [.init(pageSize: size, limit: 4 << 20)]
        try with(resources) { cgroup in
            #expect(value(cgroup, "hugetlb.\(size).limit_in_bytes", "hugetlb.\(size).max") == "4194304")
            #expect(CgroupStatistics(of: cgroup).hugetlb.contains { $0.pageSize == size && $0.usage == 0 })
            resources.hugepageLimits[0].limit = .max
            try cgroup.update(resources, layout: layout)
            #expect(value(cgroup, "hugetlb.\(size).limit_in_bytes", "hugetlb.\(size).max") != "4194304")
        }
    }

    @Test(.enabled(if: Machine.hasUnified, "no unified hierarchy"))
    func hasVersionTwosFilesAsTheyAre() throws {
        var resources = Resources()
        resources.unified = [.init("cgroup.max.depth", "3"), .init("cgroup.max.descendants", "5")]
        try with(resources, .whereLimited) { cgroup in
            #expect(cgroup.version2("cgroup.max.depth") == "3\n")
            #expect(cgroup.version2("cgroup.max.descendants") == "5\n")
        }
    }

    @Test(.enabled(if: Machine.hasUnified, "no unified hierarchy"))
    func isGivenToAnotherUser() throws {
        try with { cgroup in
            try cgroup.delegate(to: 1234)
            let directory = try #require(cgroup.unifiedDirectory)
            for name in ["", "/cgroup.procs", "/cgroup.subtree_control", "/cgroup.threads"] {
                #expect(try FileStatus.of(directory + name).owner == 1234)
            }
            #expect(try FileStatus.of(directory + "/cgroup.freeze").owner == 0)
            for place in cgroup.places where !place.isUnified {
                #expect(try FileStatus.of(place.directory).owner == 0)
            }
        }
    }

    @Test func takesNewLimitsInPlace() throws {
        var resources = Resources(pids: 17, memory: .mebibytes(64))
        resources.memory.swap = 64 << 20
        try with(resources) { cgroup in
            // More and less, each of which version 1 takes in one order only.
            for size: Int64 in [256, 32, 128] {
                var change = Resources(memory: .mebibytes(size))
                change.memory.swap = (size * 2) << 20
                try cgroup.update(change, layout: layout)
                #expect(value(cgroup, "memory.limit_in_bytes", "memory.max") == String(size << 20))
            }
            #expect(value(cgroup, "pids.max", "pids.max") == "17")
            try cgroup.update(Resources(pids: -1), layout: layout)
            #expect(value(cgroup, "pids.max", "pids.max") == "max")
            for (quota, period): (Int64, UInt64) in [(50_000, 100_000), (5000, 10_000), (200_000, 200_000)] {
                var change = Resources()
                change.cpu.quota = quota
                change.cpu.period = period
                try cgroup.update(change, layout: layout)
            }
            var period = Resources()
            period.cpu.period = 150_000
            try cgroup.update(period, layout: layout)
            #expect(["200000", "200000 150000"].contains(value(cgroup, "cpu.cfs_quota_us", "cpu.max")))
        }
    }

    @Test func refusesALimitBelowWhatIsUsedWhereThatIsAsked() throws {
        try with(Resources(memory: .mebibytes(64))) { cgroup in
            let inmate = try Inmate(
                in: cgroup, "x=$(head -c 3000000 /dev/zero | tr '\\0' x); while :; do sleep 60; done")
            #expect(wait { CgroupStatistics(of: cgroup).memory.usage.usage > 3_000_000 })
            var change = Resources(memory: .mebibytes(1))
            change.memory.checkBeforeUpdate = true
            do throws(CgroupError) {
                try cgroup.update(change, layout: layout)
                Issue.record("the limit was taken")
            } catch .belowUsage(let limit, let usage) {
                #expect(limit == 1 << 20 && usage > limit)
            } catch {
                Issue.record("\(error)")
            }
            #expect(cgroup.processes().contains(inmate.processID))
        }
    }

    @Test func saysWhatTheKernelDidNotTake() throws {
        var resources = Resources()
        resources.cpu.cpus = "4000"
        do {
            _ = try Cgroup(creating: try plan(resources))
            Issue.record("a processor that is not there was taken")
        } catch let error as CgroupError {
            #expect("\(error)".contains("cgroup: write 4000 to "), "\(error)")
            #expect("\(error)".contains("cpuset.cpus: "), "\(error)")
        }
        // And left nothing.
        for member in try plan().members { #expect((try? FileStatus.of(member.directory)) == nil) }
    }

    @Test func countsWhatWasUsed() throws {
        try with(Resources(pids: 50)) { cgroup in
            let inmate = try Inmate(in: cgroup, "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; sleep 60")
            #expect(wait { CgroupStatistics(of: cgroup).cpu.total > 10_000_000 })
            let statistics = CgroupStatistics(of: cgroup)
            #expect(statistics.pids.current >= 1 && statistics.pids.limit == 50)
            if Machine.hasMemory { #expect(statistics.memory.usage.usage > 10_000) }
            #expect(JSONWriter.compact(statistics.json).contains("\"pids\":{\"current\":"))
            #expect(inmate.processID > 0)
        }
    }

    @Test func countsWhatTheLimitOnProcessesRefused() throws {
        try with(Resources(pids: 1)) { cgroup in
            let inmate = try Inmate(in: cgroup, "exec 2>/dev/null; (true); exit 0")
            _ = try inmate.wait()
            #expect(cgroup.pidsLimitHits() >= 1)
        }
    }

    @Test(.enabled(if: Machine.hasMemory, "no memory controller"))
    func tellsWhenMemoryRanOut() throws {
        var resources = Resources(memory: .mebibytes(8))
        resources.memory.swap = 8 << 20
        try with(resources) { cgroup in
            var events = try CgroupEvents(of: cgroup)
            #expect(try events.take() == 0)
            let inmate = try Inmate(in: cgroup, "x=aaaaaaaa; while :; do x=$x$x; done")
            let poller = try Poller()
            try poller.add(events.descriptor, token: 1)
            var kills = 0
            let deadline = MonotonicTime.now + .seconds(20)
            while kills == 0, .now < deadline {
                _ = try poller.wait(timeout: .seconds(1))
                kills = try events.take()
            }
            #expect(kills == 1)
            #expect(try inmate.wait() == .signalled(.kill))
            #expect(cgroup.outOfMemoryKills() == 1)
        }
    }

    @Test func hasOnlyItsDevices() throws {
        var resources = Resources()
        resources.devices = [DeviceRule(allow: false)] + DeviceRule.standard
        try with(resources) { cgroup in
            // The device of the second line is not on the list.
            let script = """
                true </dev/null || exit 1
                (true </dev/kmsg) 2>/dev/null && exit 2
                exit 0
                """
            #expect(try Inmate(in: cgroup, script).wait() == .exited(0))
            resources.devices.append(DeviceRule(allow: true, .character, major: 1, minor: 11))
            try cgroup.update(resources, layout: layout)
            #expect(try Inmate(in: cgroup, script).wait() == .exited(2))
        }
    }

    /// On a hybrid machine the hierarchy decides; the program must work there too, or nobody would know.
    @Test(.enabled(if: Machine.hasUnified, "no unified hierarchy"))
    func canHaveADeviceProgram() throws {
        let unified = try #require(layout.unified)
        let place = CgroupPlace(mount: unified.path, path: path, isUnified: true)
        try makeDirectory(place.directory)
        let cgroup = Cgroup(existing: [place])
        defer { cgroup.remove() }
        for (rules, code) in [
            (DeviceRule.standard, Int32(0)),
            ([DeviceRule(allow: true), DeviceRule(allow: false, .character, major: 1, minor: 5)], 1),
            ([DeviceRule(allow: true)], 2),
        ] {
            try DeviceFilter.install(rules, in: place.directory)
            let count = try FileDescriptor.open(place.directory, .directory).attachedDevicePrograms().count
            #expect(count == 1)
            let script = "(true </dev/zero) 2>/dev/null || exit 1; (true </dev/kmsg) 2>/dev/null && exit 2; exit 0"
            #expect(try Inmate(in: cgroup, script).wait() == .exited(code))
        }
    }

    @Test(.enabled(if: Machine.layout.unified?.controllers.isEmpty == false, "no controller in version 2"))
    func neverMovesProcessesThatAreNotOurs() throws {
        // Only at the root of the hierarchy may others be moved aside; anywhere else this is an error.
        let unified = try #require(layout.unified)
        let controller = try #require(unified.controllers.first)
        let parent = CgroupPlace(mount: unified.path, path: path, isUnified: true)
        try UnifiedHierarchy(mount: unified.path).prepare(parentOf: path, controllers: [controller])
        try makeDirectory(parent.directory)
        let cgroup = Cgroup(existing: [parent])
        defer {
            cgroup.kill()
            cgroup.remove()
        }
        let inmate = try Inmate(in: cgroup, "sleep 60")
        #expect(throws: SystemError.self) {
            try UnifiedHierarchy(mount: unified.path).prepare(parentOf: path + "/x", controllers: [controller])
        }
        #expect(cgroup.processes().contains(inmate.processID))
    }
}
