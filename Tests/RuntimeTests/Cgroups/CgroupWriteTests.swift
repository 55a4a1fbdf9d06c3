import Linux
import Testing

@testable import Runtime

/// A change of resources, and what it comes to in either version; nil where it is refused.
private struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let one: [String]?
    let two: [String]?
    let change: @Sendable (inout Resources) -> Void

    init(_ name: String, _ one: [String]?, _ two: [String]?, _ change: @escaping @Sendable (inout Resources) -> Void) {
        self.name = name
        self.one = one
        self.two = two
        self.change = change
    }

    var testDescription: String { name }
}

private let disk = DeviceNumber(major: 8, minor: 0)

private let cases = [
    Case("pids", ["pids.max=7"], ["pids.max=7"]) { $0.pids = 7 },
    Case("no limit on pids", ["pids.max=max"], ["pids.max=max"]) { $0.pids = -1 },
    Case("no pids", ["pids.max=1"], ["pids.max=1"]) { $0.pids = 0 },
    Case("memory", ["memory.limit_in_bytes=4096"], ["memory.max=4096"]) { $0.memory.limit = 4096 },
    Case("zeros", [], []) {
        $0.memory.limit = 0
        $0.memory.swap = 0
        $0.memory.reservation = 0
        $0.memory.kernel = 0
        $0.cpu.shares = 0
        $0.cpu.quota = 0
        $0.cpu.period = 0
        $0.cpu.cpus = ""
    },
    Case(
        "no limit on memory", ["memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1 or not"],
        ["memory.swap.max=max or not", "memory.max=max"]
    ) { $0.memory.limit = -1 },
    Case(
        "memory and swap", ["memory.limit_in_bytes=4096", "memory.memsw.limit_in_bytes=12288"],
        ["memory.swap.max=8192", "memory.max=4096"]
    ) {
        $0.memory.limit = 4096
        $0.memory.swap = 12288
    },
    Case(
        "no swap", ["memory.limit_in_bytes=4096", "memory.memsw.limit_in_bytes=4096"],
        ["memory.swap.max=0 or not", "memory.max=4096"]
    ) {
        $0.memory.limit = 4096
        $0.memory.swap = 4096
    },
    Case("less swap than memory", ["memory.limit_in_bytes=4096", "memory.memsw.limit_in_bytes=1"], nil) {
        $0.memory.limit = 4096
        $0.memory.swap = 1
    },
    Case("swap without memory", ["memory.memsw.limit_in_bytes=1"], nil) { $0.memory.swap = 1 },
    Case("reservation", ["memory.soft_limit_in_bytes=5"], ["memory.low=5"]) { $0.memory.reservation = 5 },
    Case("swappiness", ["memory.swappiness=60"], nil) { $0.memory.swappiness = 60 },
    Case("too much swappiness", nil, nil) { $0.memory.swappiness = 101 },
    Case("no OOM killer", ["memory.oom_control=1 or not"], nil) { $0.memory.disableOOMKiller = true },
    Case("OOM killer", ["memory.oom_control=0 or not"], []) { $0.memory.disableOOMKiller = false },
    Case("shares", ["cpu.shares=512"], ["cpu.weight=59"]) { $0.cpu.shares = 512 },
    Case(
        "quota, period and burst", ["cpu.cfs_period_us=5", "cpu.cfs_quota_us=9", "cpu.cfs_burst_us=3"],
        ["cpu.max=9 5", "cpu.max.burst=3"]
    ) {
        $0.cpu.quota = 9
        $0.cpu.period = 5
        $0.cpu.burst = 3
    },
    Case("no quota", ["cpu.cfs_quota_us=-1"], ["cpu.max=max"]) { $0.cpu.quota = -1 },
    Case("idle", ["cpu.idle=1"], ["cpu.idle=1"]) {
        $0.cpu.idle = 1
        $0.cpu.shares = 100
    },
    Case("real time", ["cpu.rt_period_us=7", "cpu.rt_runtime_us=5"], nil) {
        $0.cpu.realtimeRuntime = 5
        $0.cpu.realtimePeriod = 7
    },
    Case("cpuset", ["cpuset.cpus=0-1", "cpuset.mems=0"], ["cpuset.cpus=0-1", "cpuset.mems=0"]) {
        $0.cpu.cpus = "0-1"
        $0.cpu.mems = "0"
    },
    Case(
        "block weights",
        [
            "blkio.weight=500 or blkio.bfq.weight=500", "blkio.leaf_weight=10",
            "blkio.weight_device=8:0 1000 or blkio.bfq.weight_device=8:0 1000",
        ], ["io.bfq.weight=500 or io.weight=4950", "io.bfq.weight=8:0 1000 or io.weight=8:0 10000"]
    ) {
        $0.blockIO.weight = 500
        $0.blockIO.leafWeight = 10
        $0.blockIO.weightDevice = [.init(disk, weight: 1000)]
    },
    Case(
        "throttling",
        [
            "blkio.throttle.read_bps_device=8:0 1", "blkio.throttle.write_bps_device=8:0 2",
            "blkio.throttle.read_iops_device=8:0 3", "blkio.throttle.write_iops_device=8:0 0",
        ], ["io.max=8:0 rbps=1", "io.max=8:0 wbps=2", "io.max=8:0 riops=3", "io.max=8:0 wiops=max"]
    ) {
        $0.blockIO.throttleReadBps = [.init(disk, rate: 1)]
        $0.blockIO.throttleWriteBps = [.init(disk, rate: 2)]
        $0.blockIO.throttleReadIOPS = [.init(disk, rate: 3)]
        $0.blockIO.throttleWriteIOPS = [.init(disk, rate: 0)]
    },
    Case(
        "huge pages", ["hugetlb.2MB.limit_in_bytes=9", "hugetlb.2MB.rsvd.limit_in_bytes=9 or not"],
        ["hugetlb.2MB.max=9", "hugetlb.2MB.rsvd.max=9 or not"]
    ) { $0.hugepageLimits = [.init(pageSize: "2MB", limit: 9)] },
    Case("rdma", ["rdma.max=mlx hca_handle=3 hca_object=4"], ["rdma.max=mlx hca_handle=3 hca_object=4"]) {
        $0.rdma = [.init(device: "mlx", hcaHandles: 3, hcaObjects: 4), .init(device: "nothing")]
    },
    Case("network", ["net_cls.classid=1048577", "net_prio.ifpriomap=eth0 5"], nil) {
        $0.network.classID = 1_048_577
        $0.network.priorities = [.init(interface: "eth0", priority: 5)]
    },
    Case("unified", nil, ["pids.max=7", "memory.high=8", "cgroup.max.depth=3"]) {
        $0.unified = [.init("memory.high", "8"), .init("cgroup.max.depth", "3")]
        $0.pids = 7
    },
    Case("unified names that are none", nil, nil) { $0.unified = [.init("../memory.high", "8")] },
    Case("unified names of a controller that is not there", nil, nil) { $0.unified = [.init("misc.max", "x 1")] },
]

@Suite("What resources are written as")
struct CgroupWriteTests {
    private static let names: [CgroupController] = [
        .cpu, .cpuset, .memory, .blkio, .pids, .hugetlb, .networkClass, .networkPriority, .rdma,
    ]
    private let version1 = CgroupLayout(hierarchies: names.map { .init($0, "/cg/\($0.rawValue)") }, unified: nil)
    private let version2 = CgroupLayout(
        hierarchies: [],
        unified: .init(path: "/cg", controllers: [.cpu, .cpuset, .memory, .blkio, .pids, .hugetlb, .rdma]))

    private func lines(_ resources: Resources, _ layout: CgroupLayout) -> [String]? {
        let plan = try? CgroupPlan(path: "x", resources: resources, layout: layout)
        return plan?.members.flatMap(\.writes).map { write in
            switch write.ifMissing {
            case .fail: "\(write.file)=\(write.value)"
            case .skip: "\(write.file)=\(write.value) or not"
            case .write(let file, let value): "\(write.file)=\(write.value) or \(file)=\(value)"
            }
        }
    }

    @Test(arguments: cases)
    fileprivate func areTheFilesOfEitherVersion(example: Case) {
        var resources = Resources()
        example.change(&resources)
        #expect(lines(resources, version1) == example.one)
        #expect(lines(resources, version2) == example.two)
    }

    /// Values of the formula that crun and runc document, computed elsewhere.
    @Test(
        arguments: [
            (0, 1), (2, 1), (3, 2), (512, 59), (1024, 100), (2048, 174), (65_536, 3_023), (262_143, 10_000),
            (262_144, 10_000), (1 << 40, 10_000),
        ] as [(UInt64, UInt64)])
    func scaleSharesSoThatEndsAndMiddleMeet(shares: UInt64, weight: UInt64) {
        #expect(Resources.CPU.weight(ofShares: shares) == weight)
    }

    @Test func growWithShares() {
        var last: UInt64 = 0
        for shares in stride(from: UInt64(2), through: 262_144, by: 37) {
            let weight = Resources.CPU.weight(ofShares: shares)
            #expect(weight >= last && (1...10_000).contains(weight))
            last = weight
        }
    }

    @Test func goToTheSideThatHasTheController() throws {
        let hybrid = CgroupLayout(
            hierarchies: [.init(.pids, "/cg/pids")], unified: .init(path: "/cg/unified", controllers: [.hugetlb]))
        var resources = Resources(pids: 3)
        resources.hugepageLimits = [.init(pageSize: "2MB", limit: 0)]
        resources.unified = [.init("hugetlb.1GB.max", "0")]
        let plan = try CgroupPlan(path: "x", resources: resources, layout: hybrid)
        #expect(plan.members.map(\.directory) == ["/cg/pids/x", "/cg/unified/x"])
        #expect(plan.members[1].writes.map(\.file) == ["hugetlb.2MB.max", "hugetlb.2MB.rsvd.max", "hugetlb.1GB.max"])
        #expect(plan.members[1].controllers == [.hugetlb])
    }

    @Test func ofZerosNeedNoController() throws {
        var resources = Resources()
        resources.memory.limit = 0
        resources.cpu.shares = 0
        let nothing = CgroupLayout(hierarchies: [], unified: nil)
        #expect(try CgroupPlan(path: "x", resources: resources, layout: nothing).members.isEmpty)
    }

    @Test func saysWhichSettingMeansNothing() {
        var resources = Resources()
        resources.memory.swappiness = 10
        #expect(
            throws: CgroupError.setting(
                "memory.swappiness",
                "only version 1 of cgroups has this, and memory is in version 2 on this machine")
        ) { try CgroupPlan(path: "x", resources: resources, layout: version2) }
        resources = Resources()
        resources.network.classID = 1
        #expect(throws: CgroupError.missingController(.networkClass)) {
            try CgroupPlan(path: "x", resources: resources, layout: version2)
        }
    }
}

@Suite("A container that is a member everywhere")
struct CgroupMembershipTests {
    private let both = CgroupLayout(
        hierarchies: [
            .init(.cpu, "/cg/cpu,cpuacct"), .init(.cpuacct, "/cg/cpu,cpuacct"), .init(.devices, "/cg/devices"),
            .init(.freezer, "/cg/freezer"),
        ], named: ["/cg/systemd"], unified: .init(path: "/cg/unified", controllers: [.memory, .pids]))

    @Test func isInEachHierarchyOnce() throws {
        let resources = Resources(pids: 3, cpus: CPUCount(1))
        let plan = try CgroupPlan(path: "a/b", resources: resources, layout: both, membership: .everywhere)
        #expect(
            plan.members.map(\.directory) == [
                "/cg/cpu,cpuacct/a/b", "/cg/devices/a/b", "/cg/freezer/a/b", "/cg/systemd/a/b", "/cg/unified/a/b",
            ])
        #expect(plan.members[0].controllers == [.cpu, .cpuacct])
        #expect(plan.members[0].writes.count == 2)
        #expect(plan.members[4].controllers == [.pids])
        #expect(plan.members[4].welcome == [.memory, .pids])
        let cgroup = Cgroup(existing: plan)
        #expect(cgroup.taskFiles.count == 4)
        #expect(cgroup.unifiedDirectory == "/cg/unified/a/b")
    }

    @Test func hasItsDevicesInVersionOneWhereThatIsThere() throws {
        var resources = Resources()
        resources.devices = [DeviceRule(allow: false)] + DeviceRule.standard
        let hybrid = try CgroupPlan(path: "x", resources: resources, layout: both)
        #expect(hybrid.members.map(\.directory) == ["/cg/devices/x"])
        #expect(hybrid.members[0].writes.first == CgroupWrite("devices.deny", "a"))
        #expect(hybrid.members[0].writes.dropFirst(3).first == CgroupWrite("devices.allow", "c 1:3 rwm"))
        let unified = CgroupLayout(hierarchies: [], unified: .init(path: "/cg", controllers: []))
        let program = try CgroupPlan(path: "x", resources: resources, layout: unified)
        #expect(program.members.map(\.devices) == [resources.devices])
    }

    @Test(arguments: [
        ("/a/b", "a/b"), ("a/b", "a/b"), ("//a/./b/", "a/b"), ("/a:b", "a:b"), ("/a:b:c", "a:b:c"), ("", "gocker-id"),
    ])
    func hasAPathBelowEachMount(text: String, path: String) throws {
        #expect(try CgroupsPath.resolve(text, identifier: "id") == path)
        #expect(try CgroupsPath.resolve(nil, identifier: "id") == "gocker-id")
    }

    @Test(arguments: ["/", "..", "/a/../b", "system.slice:gocker:id", "a\nb", ":x:y"])
    func hasNoPathThatLeadsElsewhere(text: String) {
        #expect(throws: CgroupError.self) { try CgroupsPath.resolve(text, identifier: "id") }
    }
}
