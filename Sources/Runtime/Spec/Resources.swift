public import Linux

/// The specification's `linux.resources`, as far as it is acted on. Nil means no limit.
public struct Resources: Hashable, Sendable {
    /// How many processes and threads may exist at once.
    public var pids: Int64?
    public var memory: ByteCount?
    /// How many processors' worth of time may be used, e.g. 1.5.
    public var cpus: CPUCount?

    public init(pids: Int64? = nil, memory: ByteCount? = nil, cpus: CPUCount? = nil) {
        self.pids = pids
        self.memory = memory
        self.cpus = cpus
    }

    /// The limit on processes of whoever does not ask for another one. A service that needs more is rare; one that forks
    /// without end is not.
    public static let standardPids: Int64 = 2048
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
