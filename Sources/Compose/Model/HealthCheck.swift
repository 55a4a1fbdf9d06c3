/// How to find out whether a service works: a command that is run inside it again and again.
public struct HealthCheck: Hashable, Sendable {
    /// What is run. The service works where it exits with 0.
    public let command: [String]

    /// How long to wait from the start of the service to the first test, and from the end of each test to the next one.
    public let interval: Duration

    /// How long a test may take.
    public let timeout: Duration

    /// How many tests in a row have to fail for the service to be unhealthy; at least one.
    public let retries: Int

    /// How long after the start failures do not count, unless a test has succeeded.
    public let startPeriod: Duration

    /// The interval within that time.
    public let startInterval: Duration

    /// - Parameters: as in a stack file; the defaults are Docker's.
    public init(
        command: [String], interval: Duration = .seconds(30), timeout: Duration = .seconds(30), retries: Int = 3,
        startPeriod: Duration = .zero, startInterval: Duration = .seconds(5)
    ) {
        self.command = command
        self.interval = interval
        self.timeout = timeout
        self.retries = max(1, retries)
        self.startPeriod = startPeriod
        self.startInterval = startInterval
    }
}

/// What follows when a service is found to be unhealthy: `on_unhealthy`.
public enum UnhealthyPolicy: String, Hashable, Sendable, CaseIterable {
    /// Nothing but that it is said, as with Docker.
    case none

    /// It is stopped and started again, as if it had failed.
    case restart

    /// It is stopped, and stays down.
    case stop
}
