/// What the processes of a cgroup have used, at one moment, from whichever side has the controller. What nothing counts
/// is zero or missing.
public struct CgroupStatistics: Hashable, Sendable {
    public var cpu = CPU()
    /// Only in version 1.
    public var cpuset = Cpuset()
    public var memory = Memory()
    public var pids = Pids()
    public var blockIO = BlockIO()
    /// By page size, e.g. `2MB`, in the order of sizes.
    public var hugetlb: [Hugetlb] = []

    public init() {}

    /// Reads the statistics of `cgroup`. A file that is missing or cannot be read is no error: a cgroup may go away.
    public init(of cgroup: Cgroup) {
        cpu = CPU(of: cgroup)
        cpuset = Cpuset(of: cgroup)
        memory = Memory(of: cgroup)
        pids = Pids(of: cgroup)
        blockIO = BlockIO(of: cgroup)
        hugetlb = Hugetlb.all(of: cgroup)
    }
}

extension CgroupStatistics {
    /// How many processes and threads there are, and may be; a limit of 0 is none.
    public struct Pids: Hashable, Sendable {
        public var current: UInt64 = 0
        public var limit: UInt64 = 0
    }

    /// How much time was lost to waiting for something. See psi in the kernel's documentation.
    public struct Pressure: Hashable, Sendable {
        /// In per cent of the last 10, 60 and 300 seconds.
        public var average10: Double
        public var average60: Double
        public var average300: Double
        /// In microseconds, since the beginning.
        public var total: UInt64
    }

    /// The pressure on some of the processes, and on all of them at once.
    public struct Pressures: Hashable, Sendable {
        public var some: Pressure?
        public var full: Pressure?
    }
}

extension CgroupStatistics.Pids {
    init(of cgroup: Cgroup) {
        current = (cgroup.version1("pids.current") ?? cgroup.version2("pids.current")).number ?? 0
        limit = (cgroup.version1("pids.max") ?? cgroup.version2("pids.max")).number ?? 0
    }
}

extension CgroupStatistics.Pressures {
    /// - Returns: nil where the kernel does not measure it.
    init?(_ text: String?) {
        guard let text else { return nil }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            var values: [Substring: Substring] = [:]
            for word in words.dropFirst() {
                let parts = word.split(separator: "=")
                if parts.count == 2 { values[parts[0]] = parts[1] }
            }
            let pressure = CgroupStatistics.Pressure(
                average10: values["avg10"].flatMap { Double($0) } ?? 0,
                average60: values["avg60"].flatMap { Double($0) } ?? 0,
                average300: values["avg300"].flatMap { Double($0) } ?? 0,
                total: values["total"].flatMap { UInt64($0) } ?? 0)
            if words.first == "some" { some = pressure } else if words.first == "full" { full = pressure }
        }
        if some == nil, full == nil { return nil }
    }
}

extension String? {
    /// The number that a control file consists of; nil for a file that is missing or says `max`.
    var number: UInt64? { flatMap { UInt64($0.prefix { $0.isNumber }) } }

    /// A limit in version 2, where none is written as `max`.
    var limit: UInt64? { self?.hasPrefix("max") == true ? .max : number }
}
