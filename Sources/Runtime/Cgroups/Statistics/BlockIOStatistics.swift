extension CgroupStatistics {
    /// What block devices have done for a cgroup.
    public struct BlockIO: Hashable, Sendable {
        public var serviceBytes: [Entry] = []
        public var serviced: [Entry] = []
        /// Only in version 1, from a scheduler built for debugging.
        public var queued: [Entry] = []
        public var serviceTime: [Entry] = []
        public var waitTime: [Entry] = []
        public var merged: [Entry] = []
        public var time: [Entry] = []
        public var sectors: [Entry] = []
        public var pressure: Pressures?

        /// A number for one device and, mostly, one kind of operation, e.g. `Read`.
        public struct Entry: Hashable, Sendable {
            public var major: UInt64
            public var minor: UInt64
            public var operation: String
            public var value: UInt64
        }
    }
}

extension CgroupStatistics.BlockIO {
    init(of cgroup: Cgroup) {
        if cgroup.version1(with: "blkio.reset_stats") != nil {
            readVersion1(cgroup)
        } else if let text = cgroup.version2("io.stat") {
            readVersion2(text)
        }
        pressure = CgroupStatistics.Pressures(cgroup.version2("io.pressure"))
    }

    /// The scheduler's files where it has counted something; else those of the throttling, which sees every device.
    private mutating func readVersion1(_ cgroup: Cgroup) {
        func entries(_ names: String...) -> [Entry] {
            for name in names {
                let entries = Self.entries(cgroup.version1("blkio.\(name)") ?? "")
                if !entries.isEmpty { return entries }
            }
            return []
        }
        serviceBytes = entries(
            "bfq.io_service_bytes_recursive", "io_service_bytes_recursive", "throttle.io_service_bytes_recursive",
            "throttle.io_service_bytes")
        serviced = entries(
            "bfq.io_serviced_recursive", "io_serviced_recursive", "throttle.io_serviced_recursive",
            "throttle.io_serviced")
        queued = entries("bfq.io_queued_recursive", "io_queued_recursive")
        serviceTime = entries("bfq.io_service_time_recursive", "io_service_time_recursive")
        waitTime = entries("bfq.io_wait_time_recursive", "io_wait_time_recursive")
        merged = entries("bfq.io_merged_recursive", "io_merged_recursive")
        time = entries("bfq.time_recursive", "time_recursive")
        sectors = entries("bfq.sectors_recursive", "sectors_recursive")
    }

    /// Lines such as `8:0 Read 1282048` and, for what has no kinds, `8:0 6792`; a last one sums all devices up.
    static func entries(_ text: String) -> [Entry] {
        var entries: [Entry] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 2, let (major, minor) = device(words[0]), let value = UInt64(words[words.count - 1])
            else { continue }
            let operation = words.count == 3 ? String(words[1]) : ""
            entries.append(Entry(major: major, minor: minor, operation: operation, value: value))
        }
        return entries
    }

    /// Lines such as `8:0 rbytes=1282048 wbytes=0 rios=124 wios=0 dbytes=0 dios=0`, in version 1's words.
    mutating func readVersion2(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let first = words.first, let (major, minor) = Self.device(first) else { continue }
            for word in words.dropFirst() {
                let parts = word.split(separator: "=")
                guard parts.count == 2, let value = UInt64(parts[1]) else { continue }
                func entry(_ operation: String) -> Entry {
                    Entry(major: major, minor: minor, operation: operation, value: value)
                }
                switch parts[0] {
                case "rbytes": serviceBytes.append(entry("Read"))
                case "wbytes": serviceBytes.append(entry("Write"))
                case "dbytes": serviceBytes.append(entry("Discard"))
                case "rios": serviced.append(entry("Read"))
                case "wios": serviced.append(entry("Write"))
                case "dios": serviced.append(entry("Discard"))
                default: continue
                }
            }
        }
    }

    private static func device(_ text: Substring) -> (UInt64, UInt64)? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let major = UInt64(parts[0]), let minor = UInt64(parts[1]) else { return nil }
        return (major, minor)
    }
}
