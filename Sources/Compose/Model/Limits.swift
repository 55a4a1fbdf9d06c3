/// How many processes and threads a service may have at a time.
public enum PidsLimit: Hashable, Sendable {
    case unlimited

    /// At most so many, at least one.
    case limited(Int64)

    /// Enough for every service that is not a bomb.
    public static let standard = PidsLimit.limited(2048)

    /// Reads the number of a stack file, where -1 stands for no limit and 0 for the standard one.
    public init?(_ number: Int64) {
        switch number {
        case -1: self = .unlimited
        case 0: self = .standard
        case 1...: self = .limited(number)
        default: return nil
        }
    }
}

/// How much time on processors a service may use, in processors: 0.5 is half of one.
public struct CPUQuota: Hashable, Sendable {
    /// The number of processors.
    public let count: Double

    /// Nil for zero, less, and what is no number.
    public init?(_ count: Double) {
        guard count > 0, count.isFinite else { return nil }
        self.count = count
    }
}
