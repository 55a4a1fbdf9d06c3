public import Linux

/// The specification's `linux.resources`. Nil and empty mean that nothing is asked for.
public struct Resources: Hashable, Sendable {
    /// How many processes and threads may exist at once; -1 for any number.
    public var pids: Int64?
    public var memory = Memory()
    public var cpu = CPU()
    public var blockIO = BlockIO()
    public var hugePages: [HugePageLimit] = []
    public var network = Network()
    public var rdma: [RDMALimit] = []
    /// Which devices may be used: the last rule that matches counts.
    public var devices: [DeviceRule] = []
    /// Files of version 2 with what is to be written into them, as they are.
    public var unified: [CgroupWrite] = []

    public init(pids: Int64? = nil, memory: ByteCount? = nil, cpus: CPUCount? = nil) {
        self.pids = pids
        self.memory.limit = memory?.bytes
        if let cpus {
            cpu.quota = cpus.quota
            cpu.period = CPUCount.period
        }
    }

    /// The limit on processes of whoever does not ask for another one. A service that needs more is rare; one that forks
    /// without end is not.
    public static let standardPids: Int64 = 2048

    /// In bytes; -1 for no limit.
    public struct Memory: Hashable, Sendable {
        public var limit: Int64?
        public var reservation: Int64?
        /// Memory and swap together.
        public var swap: Int64?
        public var kernel: Int64?
        public var kernelTCP: Int64?
        /// From 0 to 100.
        public var swappiness: Int64?
        public var disablesOOMKiller: Bool?

        public init() {}
    }

    /// Times in microseconds.
    public struct CPU: Hashable, Sendable {
        /// Relative to others, 1024 being an equal part.
        public var shares: Int64?
        /// Of every `period`; -1 for no limit.
        public var quota: Int64?
        public var burst: Int64?
        public var period: Int64?
        public var realtimeRuntime: Int64?
        public var realtimePeriod: Int64?
        /// Processors, e.g. `0-3,7`.
        public var processors: String?
        /// Memory nodes, e.g. `0`.
        public var memoryNodes: String?
        public var isIdle: Bool?

        public init() {}
    }

    public struct BlockIO: Hashable, Sendable {
        /// From 10 to 1000.
        public var weight: Int64?
        public var leafWeight: Int64?
        public var weightDevices: [WeightDevice] = []
        /// In bytes a second.
        public var readBytes: [Throttle] = []
        public var writeBytes: [Throttle] = []
        /// In operations a second.
        public var readOperations: [Throttle] = []
        public var writeOperations: [Throttle] = []

        public init() {}

        public struct WeightDevice: Hashable, Sendable {
            public var device: DeviceNumber
            public var weight: Int64?
            public var leafWeight: Int64?

            public init(_ device: DeviceNumber, weight: Int64?, leafWeight: Int64?) {
                self.device = device
                self.weight = weight
                self.leafWeight = leafWeight
            }
        }

        public struct Throttle: Hashable, Sendable {
            public var device: DeviceNumber
            public var rate: UInt64

            public init(_ device: DeviceNumber, rate: UInt64) {
                self.device = device
                self.rate = rate
            }
        }
    }

    public struct HugePageLimit: Hashable, Sendable {
        /// As the kernel names its files: `2MB`, `1GB`.
        public var pageSize: String
        public var bytes: UInt64

        public init(pageSize: String, bytes: UInt64) {
            self.pageSize = pageSize
            self.bytes = bytes
        }
    }

    public struct Network: Hashable, Sendable {
        public var classID: UInt32?
        public var priorities: [Priority] = []

        public init() {}

        public struct Priority: Hashable, Sendable {
            public var interface: String
            public var priority: UInt32

            public init(_ interface: String, _ priority: UInt32) {
                self.interface = interface
                self.priority = priority
            }
        }
    }

    public struct RDMALimit: Hashable, Sendable {
        public var device: String
        public var handles: UInt32?
        public var objects: UInt32?

        public init(_ device: String, handles: UInt32?, objects: UInt32?) {
            self.device = device
            self.handles = handles
            self.objects = objects
        }
    }
}

/// A rule about devices. See the runtime specification, "Allowed Device list".
public struct DeviceRule: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case all = "a"
        case character = "c"
        case block = "b"
    }

    public var allows: Bool
    public var kind: Kind
    /// Nil for any.
    public var major: Int64?
    public var minor: Int64?
    /// Any of `r`, `w` and `m`.
    public var access: Access

    public struct Access: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let read = Access(rawValue: 1)
        public static let write = Access(rawValue: 2)
        public static let makeNode = Access(rawValue: 4)
        public static let all: Access = [.read, .write, .makeNode]
    }

    public init(allows: Bool, kind: Kind, major: Int64? = nil, minor: Int64? = nil, access: Access = .all) {
        self.allows = allows
        self.kind = kind
        self.major = major
        self.minor = minor
        self.access = access
    }
}

/// An amount of processor time, in processors, kept as the kernel takes it: microseconds out of a period.
public struct CPUCount: Hashable, Sendable {
    /// Microseconds of processor time in every `period`.
    public let quota: Int64

    /// The period, in microseconds. See sched-bwc in the kernel's documentation.
    public static let period: Int64 = 100_000

    /// - Returns: nil below the kernel's smallest quota of 1 ms, a hundredth of a processor, and beyond what fits.
    public init?(_ count: Double) {
        let quota = (count * Double(Self.period)).rounded()
        guard quota >= 1000, quota < 1e15 else { return nil }
        self.quota = Int64(quota)
    }

    /// The amount in processors.
    public var count: Double { Double(quota) / Double(Self.period) }
}
