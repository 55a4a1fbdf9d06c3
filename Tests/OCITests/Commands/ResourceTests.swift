import JSON
import Linux
import Testing

@Suite("Resources", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct ResourceTests {
    /// A limit of the configuration, and where to find it in a cgroup of version 1 or 2.
    struct Limit: Sendable, CustomTestStringConvertible {
        let path: String
        let value: JSONValue
        let controller: String
        let file: String
        let expected: String
        let unifiedFile: String
        let unifiedExpected: String

        var testDescription: String { "\(path), \(file)" }

        init(
            _ path: String, _ value: JSONValue, _ controller: String, _ file: String, _ expected: String,
            version2: (String, String)
        ) {
            self.path = path
            self.value = value
            self.controller = controller
            self.file = file
            self.expected = expected
            (unifiedFile, unifiedExpected) = version2
        }

        /// The controls came with Linux 5.14 and 5.15.
        var isOfThisKernel: Bool {
            guard let kernel = KernelVersion.running, kernel < KernelVersion(major: 5, minor: 15) else { return true }
            return unifiedFile != "cpu.max.burst" && unifiedFile != "cpu.idle"
        }

        var expectedHere: String { Cgroups.isUnified ? unifiedExpected : expected }

        func value(in container: Container) throws -> String {
            try Cgroups.value(of: container.cgroupName, version1: controller, file, version2: unifiedFile)
        }
    }

    /// config-linux.md, Control groups: each limit as the kernel shows it.
    static let limits = [
        Limit(
            "memory.limit", 67_108_864, "memory", "memory.limit_in_bytes", "67108864",
            version2: ("memory.max", "67108864")),
        Limit(
            "memory.reservation", 33_554_432, "memory", "memory.soft_limit_in_bytes", "33554432",
            version2: ("memory.low", "33554432")),
        Limit(
            "memory", ["limit": 67_108_864, "swap": 134_217_728], "memory", "memory.memsw.limit_in_bytes", "134217728",
            version2: ("memory.swap.max", "67108864")),
        Limit(
            "memory", ["limit": -1], "memory", "memory.limit_in_bytes", "9223372036854771712",
            version2: ("memory.max", "max")),
        Limit("pids.limit", 50, "pids", "pids.max", "50", version2: ("pids.max", "50")),
        Limit("pids.limit", -1, "pids", "pids.max", "max", version2: ("pids.max", "max")),
        Limit("cpu.shares", 512, "cpu", "cpu.shares", "512", version2: ("cpu.weight", "59")),
        Limit(
            "cpu", ["quota": 50_000, "period": 100_000], "cpu", "cpu.cfs_quota_us", "50000",
            version2: ("cpu.max", "50000 100000")),
        Limit(
            "cpu", ["quota": 50_000, "period": 200_000], "cpu", "cpu.cfs_period_us", "200000",
            version2: ("cpu.max", "50000 200000")),
        Limit(
            "cpu", ["quota": 50_000, "period": 100_000, "burst": 10_000], "cpu", "cpu.cfs_burst_us", "10000",
            version2: ("cpu.max.burst", "10000")),
        Limit("cpu.cpus", "0", "cpuset", "cpuset.cpus", "0", version2: ("cpuset.cpus", "0")),
        Limit("cpu.mems", "0", "cpuset", "cpuset.mems", "0", version2: ("cpuset.mems", "0")),
        Limit("cpu.idle", 1, "cpu", "cpu.idle", "1", version2: ("cpu.idle", "1")),
    ]

    @Test(arguments: limits.filter(\.isOfThisKernel)) func areLimited(limit: Limit) throws {
        try #require(Cgroups.has(limit.controller), "no \(limit.controller) controller here")
        let container = try Container { $0["linux.resources.\(limit.path)"] = limit.value }
        let outcome = try container.create()
        try #require(outcome.succeeded, "\(outcome.report)")
        let value = try limit.value(in: container)
        #expect(
            value == limit.expectedHere || (limit.path == "cpu.shares" && Cgroups.isUnified && value == "20"),
            "\(limit.path): \(limit.file) is \(value)")
    }

    /// config-linux.md, Block IO: throttling by device.
    @Test(arguments: [
        ("throttleReadBpsDevice", "read_bps_device", "rbps"), ("throttleWriteBpsDevice", "write_bps_device", "wbps"),
        ("throttleReadIOPSDevice", "read_iops_device", "riops"),
        ("throttleWriteIOPSDevice", "write_iops_device", "wiops"),
    ]) func areThrottledByDevice(name: String, file: String, key: String) throws {
        let device = try #require(try Self.disk(), "no disk to throttle")
        let container = try Container {
            $0["linux.resources.blockIO.\(name)"] = [
                ["major": .integer(device.major), "minor": .integer(device.minor), "rate": 1_048_576]
            ]
        }
        let outcome = try container.create()
        try #require(outcome.succeeded, "\(outcome.report)")
        let value = try Cgroups.value(
            of: container.cgroupName, version1: "blkio", "blkio.throttle.\(file)", version2: "io.max")
        let expected = Cgroups.isUnified ? "\(key)=1048576" : " 1048576"
        #expect(value.contains("\(device.major):\(device.minor) "))
        #expect(value.contains(expected))
    }

    /// The numbers of some whole disk.
    private static func disk() throws -> (major: Int64, minor: Int64)? {
        for name in try directoryEntries("/sys/block") where !name.hasPrefix("loop") && !name.hasPrefix("ram") {
            let numbers = try readText("/sys/block/\(name)/dev").split { ":\n".contains($0) }.compactMap { Int64($0) }
            if numbers.count == 2 { return (numbers[0], numbers[1]) }
        }
        return nil
    }

    /// A device that anybody may open, where the cgroup allows it.
    private static let fuse: [(String, JSONValue)] = [("type", "c"), ("major", 10), ("minor", 229)]

    private static func rule(allow: Bool, _ access: String) -> JSONValue {
        .object([("allow", .boolean(allow)), ("access", .string(access))] + fuse)
    }

    /// config-linux.md, Allowed Device list: in the listed order.
    @Test(.enabled(if: exists("/sys/class/misc/fuse"), "needs the device of FUSE"))
    func ofDevicesAreAppliedInOrder() throws {
        let none: JSONValue = ["allow": false, "access": "rwm"]
        let allow = Self.rule(allow: true, "rwm")
        let deny = Self.rule(allow: false, "rwm")
        for (rules, expected) in [([none, allow], "open"), ([none, allow, deny], "refused"), ([none], "refused")] {
            let container = try Container("(: < /tmp/d) 2>/dev/null && echo open || echo refused") {
                $0["linux.resources.devices"] = .array(rules)
            }
            try FileDescriptor.open("\(container.rootfs)/tmp", [.path, .directory]).makeCharacterDevice(
                "d", DeviceNumber(major: 10, minor: 229), mode: 0o666)
            let outcome = try container.run()
            #expect(outcome.output == "\(expected)\n", "\(rules) \(outcome.report)")
        }
    }

    @Test(.enabled(if: exists("/sys/class/misc/fuse"), "needs the device of FUSE"))
    func ofDevicesMayBeReadingOnly() throws {
        let lines = try Container.lines("(: < /dev/chosen) && echo read; (: > /dev/chosen) 2>/dev/null || echo refused")
        {
            $0["linux.devices"] = [.object([("path", "/dev/chosen"), ("fileMode", 0o666)] + Self.fuse)]
            $0["linux.resources.devices"] = [["allow": false, "access": "rwm"], Self.rule(allow: true, "r")]
        }
        #expect(lines == ["read", "refused"])
    }

    /// config-linux.md, Cgroups Path: below the mount, and the process alone in it.
    @Test func areThoseOfThePath() throws {
        let container = try Container.running()
        let cgroups = try readText("/proc/\(try container.processID())/cgroup")
        #expect(cgroups.contains(":/\(container.cgroupName)\n"))
        for directory in Cgroups.directories(named: container.cgroupName) {
            let processes = try readText("\(directory)/cgroup.procs")
            #expect(processes == "\(try container.processID())\n", "\(directory)")
        }
    }

    @Test func areThoseOfADeeperPath() throws {
        let container = try Container()
        let path = "/\(container.cgroupName)/deeper/down"
        container.config["linux.cgroupsPath"] = .string(path)
        #expect(try container.create().succeeded)
        #expect(try readText("/proc/\(try container.processID())/cgroup").contains(":\(path)\n"))
        #expect(try container.runtime("delete", "--force", container.id).succeeded)
        #expect(Cgroups.directories(named: "\(container.cgroupName)/deeper/down") == [])
        // What lies above may have been there before.
        for name in ["\(container.cgroupName)/deeper", container.cgroupName] { Cgroups.remove(named: name) }
    }

    @Test(arguments: ["../../up", "/../up"]) func areNeverAboveTheMount(path: String) throws {
        let container = try Container()
        container.config["linux.cgroupsPath"] = .string("\(path)-\(container.cgroupName)")
        let outcome = try container.create()
        #expect(!exists("/sys/fs/up-\(container.cgroupName)"))
        guard outcome.succeeded else { return }
        #expect(try container.runtime("delete", "--force", container.id).succeeded)
        Cgroups.remove(named: "up-\(container.cgroupName)")
    }

    /// A limit that the kernel refuses is an error, and leaves nothing.
    @Test func thatTheKernelRefusesAreErrors() throws {
        let container = try Container { $0["linux.resources.cpu.cpus"] = "4000" }
        #expect(!(try container.create().succeeded))
        #expect(try eventually { try container.leftovers().isEmpty })
    }

    /// config-linux.md, Unified: an error where there is nothing to write to.
    @Test func ofVersionTwoAreErrorsWhereThereIsNoSuchController() throws {
        let container = try Container { $0["linux.resources.unified"] = .object([("nothing.max", "1")]) }
        #expect(!(try container.create().succeeded))
    }

    @Test(.enabled(if: Cgroups.isUnified, "needs cgroups of version 2")) func ofVersionTwoAreWritten() throws {
        let container = try Container { $0["linux.resources.unified"] = .object([("pids.max", "77")]) }
        #expect(try container.create().succeeded)
        #expect(try Cgroups.value(of: container.cgroupName, version1: "", "", version2: "pids.max") == "77")
    }

    @Test func limitForReal() throws {
        let container = try Container(
            "for n in 1 2 3 4 5 6 7 8; do sleep 1 & done 2>/dev/null; echo started; wait"
        ) {
            $0["linux.resources.pids.limit"] = 4
        }
        let outcome = try container.run()
        #expect(outcome.errors.contains("fork") || !outcome.succeeded, "\(outcome.report)")
    }

    /// Without a path the runtime chooses one, and takes it away again.
    @Test func mayBeThoseTheRuntimeChooses() throws {
        let container = try Container()
        container.config["linux.cgroupsPath"] = nil
        #expect(try container.create().succeeded)
        let own = try readText("/proc/self/cgroup").split(separator: "\n").map(String.init)
        let lines = try readText("/proc/\(try container.processID())/cgroup").split(separator: "\n").map(String.init)
        let made = lines.filter { !own.contains($0) }.compactMap { $0.split(separator: ":").last.map(String.init) }
        #expect(!made.isEmpty)
        #expect(try container.runtime("delete", "--force", container.id).succeeded)
        for path in Set(made) where path.hasSuffix(container.id) || path.contains(container.id) {
            #expect(Cgroups.directories(named: String(path.dropFirst())) == [])
        }
    }

    @Test func ofMemoryLimitForReal() throws {
        let container = try Container("dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null; echo code $?") {
            $0["linux.resources.memory"] = ["limit": 33_554_432, "swap": 33_554_432]
        }
        let outcome = try container.run()
        #expect(outcome.output == "code 137\n" || outcome.exitCode == 137, "\(outcome.report)")
    }
}
