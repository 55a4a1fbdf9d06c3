public import Linux

/// What a service may use, beside the memory, the processors and the processes that most are limited in. Nil for what
/// its file does not say.
public struct ServiceLimits: Hashable, Sendable {
    /// What the kernel tries to leave to it when memory is short.
    public var memoryReservation: ByteCount?
    /// Memory and swap space together, in bytes; -1 for no limit.
    public var memoryAndSwap: Int64?
    /// How eagerly its memory is swapped out, 0 to 100.
    public var swappiness: UInt64?
    /// Whether its processes wait for memory instead of being killed.
    public var waitsForMemory = false
    /// -1000 to 1000: how readily its processes are killed when memory runs out. See proc(5).
    public var oomScoreAdjustment: Int32?

    /// The weight against others; 1024 is the usual one.
    public var cpuShares: UInt64?
    /// Microseconds of processor time in each `cpuPeriod`; -1 for no limit.
    public var cpuQuota: Int64?
    /// In microseconds.
    public var cpuPeriod: UInt64?
    /// Microseconds of real-time scheduling in each `realtimePeriod`.
    public var realtimeRuntime: Int64?
    public var realtimePeriod: UInt64?
    /// A list of processors, as in cpuset(7): `0-3,7`.
    public var cpuset: String?

    public var blockIO = BlockIO()
    /// The size of `/dev/shm`; nil for 64 MiB.
    public var sharedMemory: ByteCount?
    /// Of each process.
    public var processes: [ResourceLimit] = []
    /// Kernel settings of its namespaces.
    public var kernelSettings: [KernelSetting] = []

    /// One line of `sysctls`.
    public struct KernelSetting: Hashable, Sendable {
        /// For example `net.ipv4.ip_forward`.
        public let name: String
        public let value: String
    }

    /// Shares of and limits on the use of block devices, each named by a path on the host.
    public struct BlockIO: Hashable, Sendable {
        /// 10 to 1000, against others.
        public var weight: UInt16?
        public var weights: [Rate] = []
        public var readBytes: [Rate] = []
        public var readOperations: [Rate] = []
        public var writtenBytes: [Rate] = []
        public var writeOperations: [Rate] = []

        /// A weight, or an amount a second.
        public struct Rate: Hashable, Sendable {
            public let path: String
            public let value: UInt64
        }

        var devices: [String] {
            (weights + readBytes + readOperations + writtenBytes + writeOperations).map(\.path)
        }
    }
}
