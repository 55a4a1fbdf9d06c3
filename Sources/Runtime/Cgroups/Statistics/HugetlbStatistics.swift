internal import Linux

extension CgroupStatistics {
    /// Huge pages of one size, in bytes: how much is used, was at most, and how often the limit was in the way.
    public struct Hugetlb: Hashable, Sendable {
        public var pageSize: String
        public var usage: UInt64 = 0
        public var max: UInt64 = 0
        public var failures: UInt64 = 0
    }
}

extension CgroupStatistics.Hugetlb {
    static func all(of cgroup: Cgroup) -> [Self] {
        var all: [Self] = []
        for size in pageSizes() {
            var entry = Self(pageSize: size)
            // Reservations include what is used, where the kernel counts them.
            for name in ["hugetlb.\(size).rsvd", "hugetlb.\(size)"] {
                if let usage = cgroup.version1(name + ".usage_in_bytes").number {
                    entry.usage = usage
                    entry.max = cgroup.version1(name + ".max_usage_in_bytes").number ?? 0
                    entry.failures = cgroup.version1(name + ".failcnt").number ?? 0
                } else if let usage = cgroup.version2(name + ".current").number {
                    entry.usage = usage
                    entry.failures = FlatKeyed(cgroup.version2("hugetlb.\(size).events"))["max"] ?? 0
                } else {
                    continue
                }
                all.append(entry)
                break
            }
        }
        return all
    }

    /// The sizes of this machine as control files name them, the smallest first.
    private static func pageSizes() -> [String] {
        let names = (try? directoryEntries("/sys/kernel/mm/hugepages")) ?? []
        // For example hugepages-2048kB.
        let kibibytes = names.compactMap { Int($0.dropFirst("hugepages-".count).prefix { $0.isNumber }) }
        return kibibytes.sorted().map(name(ofKibibytes:))
    }

    /// With the largest unit that leaves a whole number, as the kernel does it.
    static func name(ofKibibytes size: Int) -> String {
        if size >= 1 << 20 { return "\(size >> 20)GB" }
        return size >= 1 << 10 ? "\(size >> 10)MB" : "\(size)KB"
    }
}
