/// A service that another one needs.
public struct Dependency: Hashable, Sendable {
    /// What is waited for.
    public enum Condition: String, Sendable {
        case started = "service_started"
        case healthy = "service_healthy"
        case completed = "service_completed_successfully"
    }

    /// The service that is needed.
    public let service: ServiceName

    /// When it is far enough for the other one to start.
    public let condition: Condition

    /// Whether the other one is restarted when this one has been.
    public let restart: Bool

    /// Whether the other one cannot do without. Where it can, it waits all the same, but not for what has failed.
    public let isRequired: Bool
}
