import Testing

@testable import Runtime

@Suite("Scopes of systemd")
struct SystemdScopeTests {
    @Test(
        arguments: [
            (nil, true, "system.slice/gocker-c.scope"), ("", false, "user.slice/gocker-c.scope"),
            ("machine.slice:libpod:1a", true, "machine.slice/libpod-1a.scope"),
            (":cri:x", true, "system.slice/cri-x.scope"), ("system.slice::x", true, "system.slice/x.scope"),
            ("a-b-c.slice:p:n", true, "a.slice/a-b.slice/a-b-c.slice/p-n.scope"), ("-.slice:p:n", true, "p-n.scope"),
            ("system.slice:p:a+b/c", true, "system.slice/p-a\\x2bb\\x2fc.scope"),
        ] as [(String?, Bool, String)])
    func areBelowTheirSlice(text: String?, isRoot: Bool, path: String) throws {
        let scope = try SystemdScope(cgroupsPath: text, identifier: "c", isRoot: isRoot)
        #expect(scope.path(below: "") == path)
        #expect(scope.path(below: "/user.slice/user@7.service") == "user.slice/user@7.service/\(path)")
    }

    @Test(
        arguments: [
            ("/a/b", "with --systemd-cgroup this is slice:prefix:name, e.g. system.slice:gocker:c"),
            ("a:b", "with --systemd-cgroup this is slice:prefix:name, e.g. system.slice:gocker:c"),
            ("system.slice:p:", "with --systemd-cgroup this is slice:prefix:name, e.g. system.slice:gocker:c"),
            ("system:p:n", "\"system\" is not the name of a slice, such as system.slice"),
            ("a--b.slice:p:n", "\"a--b.slice\" is not the name of a slice, such as system.slice"),
            ("-a.slice:p:n", "\"-a.slice\" is not the name of a slice, such as system.slice"),
            ("a/../b.slice:p:n", "\"a/../b.slice\" is not the name of a slice, such as system.slice"),
            ("a.slice:p:b.slice", "a container is in a scope of its own below a slice, not in the slice"),
        ])
    func areNothingElse(text: String, reason: String) {
        #expect(throws: CgroupError.path(text, reason)) {
            try SystemdScope(cgroupsPath: text, identifier: "c", isRoot: true)
        }
    }

    @Test func areForSystemdOnly() {
        let reason = "this is systemd's form: add --systemd-cgroup, or write a path such as /c"
        #expect(throws: CgroupError.path("system.slice:p:n", reason)) {
            try CgroupsPath.resolve("system.slice:p:n", identifier: "c")
        }
    }

    @Test func haveNamesOfUnits() {
        let name = String(repeating: "n", count: 250)
        #expect(throws: CgroupError.self) {
            try SystemdScope(cgroupsPath: "::\(name)", identifier: "c", isRoot: true)
        }
    }

    @Test func needVersion2() throws {
        let scope = try SystemdScope(cgroupsPath: nil, identifier: "c", isRoot: true)
        let layout = CgroupLayout(hierarchies: [.init(.pids, "/cg/pids")], unified: nil)
        #expect(
            throws: CgroupError.systemd(
                unit: "gocker-c.scope",
                "only in version 2 of cgroups, and this machine has version 1; leave systemd out")
        ) {
            try scope.path(on: layout)
        }
    }

    @Test func areToldTheLimitsThatSystemdKeeps() throws {
        var resources = Resources(pids: 20)
        resources.memory.limit = 1000
        resources.memory.swap = 3000
        resources.memory.reservation = 500
        resources.cpu.shares = 1024
        resources.cpu.quota = 25_500
        resources.cpu.cpus = "0-2,9"
        resources.cpu.mems = "0"
        #expect(
            try resources.unitProperties == [
                UnitProperty("MemorySwapMax", .unsigned64(2000)), UnitProperty("MemoryMax", .unsigned64(1000)),
                UnitProperty("MemoryLow", .unsigned64(500)), UnitProperty("TasksMax", .unsigned64(20)),
                UnitProperty("CPUWeight", .unsigned64(100)), UnitProperty("CPUQuotaPerSecUSec", .unsigned64(260_000)),
                UnitProperty("CPUQuotaPeriodUSec", .unsigned64(100_000)),
                UnitProperty("AllowedCPUs", .bytes([0b111, 0b10])), UnitProperty("AllowedMemoryNodes", .bytes([1])),
            ])
    }

    @Test func areToldOfNoLimitAsOfTheHighestNumber() throws {
        var resources = Resources(pids: -1)
        resources.memory.limit = -1
        resources.cpu.quota = -1
        resources.cpu.period = 50_000
        resources.cpu.cpus = "x"
        #expect(
            try resources.unitProperties == [
                UnitProperty("MemorySwapMax", .unsigned64(.max)), UnitProperty("MemoryMax", .unsigned64(.max)),
                UnitProperty("TasksMax", .unsigned64(.max)), UnitProperty("CPUQuotaPerSecUSec", .unsigned64(.max)),
                UnitProperty("CPUQuotaPeriodUSec", .unsigned64(50_000)),
            ])
        #expect(try Resources().unitProperties == [])
    }
}
