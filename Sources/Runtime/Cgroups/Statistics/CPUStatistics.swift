extension CgroupStatistics {
    /// Processor time, in nanoseconds.
    public struct CPU: Hashable, Sendable {
        public var total: UInt64 = 0
        public var user: UInt64 = 0
        public var kernel: UInt64 = 0
        /// By processor; only in version 1.
        public var perProcessor: [UInt64] = []
        public var perProcessorKernel: [UInt64] = []
        public var perProcessorUser: [UInt64] = []
        /// How many periods of the quota have passed, in how many it was used up, and for how long altogether.
        public var periods: UInt64 = 0
        public var throttledPeriods: UInt64 = 0
        public var throttledTime: UInt64 = 0
        public var pressure: Pressures?
    }
}

extension CgroupStatistics.CPU {
    init(of cgroup: Cgroup) {
        if let usage = cgroup.version1("cpuacct.usage").number {
            total = usage
            readProcessorsOfVersion1(cgroup)
        } else {
            // There without a controller too.
            let stat = FlatKeyed(cgroup.version2("cpu.stat"))
            total = (stat["usage_usec"] ?? 0) * 1000
            user = (stat["user_usec"] ?? 0) * 1000
            kernel = (stat["system_usec"] ?? 0) * 1000
        }
        let version1 = FlatKeyed(cgroup.version1("cpu.stat"))
        let throttling = version1["nr_periods"] == nil ? FlatKeyed(cgroup.version2("cpu.stat")) : version1
        periods = throttling["nr_periods"] ?? 0
        throttledPeriods = throttling["nr_throttled"] ?? 0
        throttledTime = throttling["throttled_time"] ?? (throttling["throttled_usec"] ?? 0) * 1000
        pressure = CgroupStatistics.Pressures(cgroup.version2("cpu.pressure"))
    }

    /// See cpuacct in the kernel's documentation of cgroup-v1.
    private mutating func readProcessorsOfVersion1(_ cgroup: Cgroup) {
        // In clock ticks, of which user space sees 100 in a second on every architecture. See times(2).
        let tick: UInt64 = 10_000_000
        let stat = FlatKeyed(cgroup.version1("cpuacct.stat"))
        user = (stat["user"] ?? 0) * tick
        kernel = (stat["system"] ?? 0) * tick
        perProcessor = (cgroup.version1("cpuacct.usage_percpu") ?? "").split { $0 == " " || $0 == "\n" }
            .compactMap { UInt64($0) }
        // A heading, then a line for each processor: its number, user and system time.
        for line in (cgroup.version1("cpuacct.usage_all") ?? "").split(separator: "\n").dropFirst() {
            let numbers = line.split(separator: " ").compactMap { UInt64($0) }
            guard numbers.count == 3 else { continue }
            perProcessorUser.append(numbers[1])
            perProcessorKernel.append(numbers[2])
        }
    }
}
