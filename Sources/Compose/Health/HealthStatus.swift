/// What is known about a service's health. The words are Docker's.
public enum HealthStatus: String, Hashable, Sendable, Codable {
    /// Nothing is tested, or the service does not run.
    case none

    /// Not known yet.
    case starting
    case healthy
    case unhealthy
}
