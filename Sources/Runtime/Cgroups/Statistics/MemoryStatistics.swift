extension CgroupStatistics {
    /// Memory, in bytes.
    public struct Memory: Hashable, Sendable {
        /// One kind of memory: how much there is, was at most, and may be, and how often that was not enough.
        public struct Entry: Hashable, Sendable {
            public var usage: UInt64 = 0
            public var max: UInt64 = 0
            public var limit: UInt64 = 0
            public var failures: UInt64 = 0

            public init() {}
        }

        public var usage = Entry()
        /// Memory and swap space together, as version 1 counts them.
        public var swap = Entry()
        public var kernel = Entry()
        public var kernelTCP = Entry()
        /// Of files.
        public var cache: UInt64 = 0
        /// Of processes.
        public var resident: UInt64 = 0
        /// All lines of `memory.stat`, in their order. The names differ between the versions.
        public var raw: [Count] = []
        public var pressure: Pressures?

        /// A line of `memory.stat`.
        public struct Count: Hashable, Sendable {
            public var name: String
            public var value: UInt64
        }
    }
}

extension CgroupStatistics.Memory {
    init(of cgroup: Cgroup) {
        if cgroup.version1("memory.usage_in_bytes") != nil {
            readVersion1(cgroup)
        } else {
            readVersion2(cgroup)
        }
        pressure = CgroupStatistics.Pressures(cgroup.version2("memory.pressure"))
    }

    private mutating func readVersion1(_ cgroup: Cgroup) {
        usage = Entry(version1: "memory", cgroup)
        swap = Entry(version1: "memory.memsw", cgroup)
        kernel = Entry(version1: "memory.kmem", cgroup)
        kernelTCP = Entry(version1: "memory.kmem.tcp", cgroup)
        let stat = FlatKeyed(cgroup.version1("memory.stat"))
        raw = stat.lines.map { Count(name: $0.key, value: $0.value) }
        cache = stat["cache"] ?? 0
        resident = stat["rss"] ?? 0
    }

    private mutating func readVersion2(_ cgroup: Cgroup) {
        let stat = FlatKeyed(cgroup.version2("memory.stat"))
        raw = stat.lines.map { Count(name: $0.key, value: $0.value) }
        cache = stat["file"] ?? 0
        resident = stat["anon"] ?? 0
        usage = Entry(version2: "memory", cgroup)
        usage.failures = FlatKeyed(cgroup.version2("memory.events"))["max"] ?? 0
        kernel.usage = stat["kernel"] ?? 0
        swap = Entry(version2: "memory.swap", cgroup)
        swap.usage += usage.usage
        // Nothing that was ever used at most can be more than both were.
        if swap.max != 0 { swap.max = max(swap.max, usage.max) }
        let (limit, overflow) = swap.limit.addingReportingOverflow(usage.limit)
        swap.limit = overflow ? .max : limit
    }
}

extension CgroupStatistics.Memory.Entry {
    fileprivate init(version1 name: String, _ cgroup: Cgroup) {
        usage = cgroup.version1("\(name).usage_in_bytes").number ?? 0
        max = cgroup.version1("\(name).max_usage_in_bytes").number ?? 0
        limit = cgroup.version1("\(name).limit_in_bytes").number ?? 0
        failures = cgroup.version1("\(name).failcnt").number ?? 0
    }

    fileprivate init(version2 name: String, _ cgroup: Cgroup) {
        usage = cgroup.version2("\(name).current").number ?? 0
        // Since Linux 5.19 for memory, 6.5 for swap space.
        max = cgroup.version2("\(name).peak").number ?? 0
        limit = cgroup.version2("\(name).max").limit ?? 0
    }
}
