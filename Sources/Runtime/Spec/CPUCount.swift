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
