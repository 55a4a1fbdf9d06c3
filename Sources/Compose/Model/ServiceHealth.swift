/// Everything that a stack file says about the health of a service.
public struct ServiceHealth: Hashable, Sendable {
    /// Nil where nothing is to be tested.
    public let check: HealthCheck?

    /// Nil where it is ready as soon as it runs.
    public let readiness: Readiness?

    public let onUnhealthy: UnhealthyPolicy

    public init(check: HealthCheck? = nil, readiness: Readiness? = nil, onUnhealthy: UnhealthyPolicy = .none) {
        self.check = check
        self.readiness = readiness
        self.onUnhealthy = onUnhealthy
    }

    /// Whether there is anything to find out.
    public var isWatched: Bool { check != nil || readiness != nil }
}
