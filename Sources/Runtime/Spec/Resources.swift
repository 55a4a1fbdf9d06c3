public import Linux

/// The specification's `linux.resources`: what a container may use. Nil means that nothing is said, and nothing written.
///
/// As in every other runtime, a zero says nothing either where it could only mean a container that cannot live (a memory
/// limit, a quota, a weight): engines send zeros for what their users left out.
///
/// See the runtime specification, config-linux.md, "Control groups".
public struct Resources: Hashable, Sendable {
    /// The specification's `pids.limit`: how many processes and threads may exist at once; negative for no limit.
    ///
    /// Zero is written as 1, as runc does. It comes to the same, no process may be made, but the kernel lets the first
    /// one be cloned into the cgroup.
    public var pids: Int64?
    public var memory = Memory()
    public var cpu = CPU()
    public var blockIO = BlockIO()
    public var hugepageLimits: [HugepageLimit] = []
    public var network = Network()
    public var rdma: [RDMALimit] = []
    /// Which devices may be used; of two rules about the same, the later one counts. Empty for no restriction; with any
    /// rule at all, what none of them allows is denied.
    public var devices: [DeviceRule] = []
    /// Version 2 control files by name, written last and as they are.
    public var unified: [UnifiedEntry] = []

    /// The limits that most containers have.
    ///
    /// - Parameter cpus: how many processors' worth of time may be used, e.g. 1.5.
    public init(pids: Int64? = nil, memory: ByteCount? = nil, cpus: CPUCount? = nil) {
        self.pids = pids
        self.memory.limit = memory?.bytes
        if let cpus {
            cpu.quota = cpus.quota
            cpu.period = UInt64(CPUCount.period)
        }
    }

    /// The limit on processes of whoever does not ask for another one. A service that needs more is rare; one that forks
    /// without end is not.
    public static let standardPids: Int64 = 2048
}

extension Resources {
    /// The specification's `memory`. Amounts are in bytes, -1 for no limit.
    public struct Memory: Hashable, Sendable {
        public var limit: Int64?
        /// What the kernel tries to leave to the container when memory is short.
        public var reservation: Int64?
        /// Memory and swap space together, as version 1 counts them.
        public var swap: Int64?
        /// Not acted on: kernels since 5.16 have no such limit, and the specification advises against it.
        public var kernel: Int64?
        /// Buffers of TCP; version 1 only.
        public var kernelTCP: Int64?
        /// How eagerly memory is swapped out, 0 to 100; version 1 only.
        public var swappiness: UInt64?
        /// Lets processes wait for memory instead of being killed; version 1 only.
        public var disableOOMKiller: Bool?
        /// Version 1 only, and since Linux 5.11 always true.
        public var useHierarchy: Bool?
        /// Refuses a new limit that is lower than what is in use, which the kernel would make room for by killing.
        public var checkBeforeUpdate: Bool?

        public init() {}
    }

    /// The specification's `cpu`. Times are in microseconds.
    public struct CPU: Hashable, Sendable {
        /// The weight against others, as version 1 counts it: 2 to 262,144, and 1,024 for one share.
        public var shares: UInt64?
        /// Processor time in every `period`; negative for no limit.
        public var quota: Int64?
        /// How much unused quota may be used later.
        public var burst: UInt64?
        public var period: UInt64?
        /// Real-time scheduling; version 1 only, where the kernel has it.
        public var realtimeRuntime: Int64?
        public var realtimePeriod: UInt64?
        /// Processors and memory nodes as lists of ranges, e.g. `0-3,7`. See cpuset(7), "List format".
        public var cpus: String?
        public var mems: String?
        /// 1 to run only when nobody else wants to.
        public var idle: Int64?

        public init() {}
    }

    /// A limit on huge pages of one size.
    public struct HugepageLimit: Hashable, Sendable {
        /// As the kernel names its files, e.g. `2MB`.
        public var pageSize: String
        /// In bytes.
        public var limit: UInt64

        public init(pageSize: String, limit: UInt64) {
            self.pageSize = pageSize
            self.limit = limit
        }
    }

    /// A limit on the handles and objects of one RDMA device; nil for none.
    public struct RDMALimit: Hashable, Sendable {
        public var device: String
        public var hcaHandles: UInt32?
        public var hcaObjects: UInt32?

        public init(device: String, hcaHandles: UInt32? = nil, hcaObjects: UInt32? = nil) {
            self.device = device
            self.hcaHandles = hcaHandles
            self.hcaObjects = hcaObjects
        }
    }

    /// The marks that version 1 puts on a container's network traffic.
    public struct Network: Hashable, Sendable {
        /// See net_cls in the kernel's documentation.
        public var classID: UInt32?
        /// See net_prio in the kernel's documentation.
        public var priorities: [Priority] = []

        public init() {}

        /// The priority of traffic on one interface.
        public struct Priority: Hashable, Sendable {
            public var interface: String
            public var priority: UInt32

            public init(interface: String, priority: UInt32) {
                self.interface = interface
                self.priority = priority
            }
        }
    }

    /// What a version 2 control file is to have in it, e.g. `memory.high` and `1000000`.
    public struct UnifiedEntry: Hashable, Sendable {
        public var key: String
        public var value: String

        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }
}
