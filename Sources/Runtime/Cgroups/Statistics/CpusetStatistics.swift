extension CgroupStatistics {
    /// The state of a version 1 cpuset. See cpuset(7).
    public struct Cpuset: Hashable, Sendable {
        public var cpus: [UInt16] = []
        public var mems: [UInt16] = []
        public var cpuExclusive: UInt64 = 0
        public var memHardwall: UInt64 = 0
        public var memExclusive: UInt64 = 0
        public var memoryMigrate: UInt64 = 0
        public var memorySpreadPage: UInt64 = 0
        public var memorySpreadSlab: UInt64 = 0
        public var memoryPressure: UInt64 = 0
        public var schedLoadBalance: UInt64 = 0
        public var schedRelaxDomainLevel: Int64 = 0
    }
}

extension CgroupStatistics.Cpuset {
    init(of cgroup: Cgroup) {
        guard let cpus = cgroup.version1("cpuset.cpus") else { return }
        self.cpus = Self.list(cpus)
        mems = Self.list(cgroup.version1("cpuset.mems") ?? "")
        cpuExclusive = cgroup.version1("cpuset.cpu_exclusive").number ?? 0
        memHardwall = cgroup.version1("cpuset.mem_hardwall").number ?? 0
        memExclusive = cgroup.version1("cpuset.mem_exclusive").number ?? 0
        memoryMigrate = cgroup.version1("cpuset.memory_migrate").number ?? 0
        memorySpreadPage = cgroup.version1("cpuset.memory_spread_page").number ?? 0
        memorySpreadSlab = cgroup.version1("cpuset.memory_spread_slab").number ?? 0
        memoryPressure = cgroup.version1("cpuset.memory_pressure").number ?? 0
        schedLoadBalance = cgroup.version1("cpuset.sched_load_balance").number ?? 0
        let level = cgroup.version1("cpuset.sched_relax_domain_level")?.split(separator: "\n").first
        schedRelaxDomainLevel = level.flatMap { Int64($0) } ?? 0
    }

    /// Reads a list of ranges, e.g. `0-3,7`. See cpuset(7), "List format".
    static func list(_ text: String) -> [UInt16] {
        var numbers: [UInt16] = []
        for range in text.split(whereSeparator: { $0 == "," || $0 == "\n" || $0 == " " }) {
            let ends = range.split(separator: "-").compactMap { UInt16($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { continue }
            numbers += first...last
        }
        return numbers
    }
}
