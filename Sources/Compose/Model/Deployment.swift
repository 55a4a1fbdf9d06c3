/// What `deploy.mode` says of a service: how its number is found, and whether it is ever done.
enum Deployment: String, Sendable {
    case replicated, global
    case replicatedJob = "replicated-job"
    case globalJob = "global-job"

    static let expected = "replicated, global, replicated-job or global-job"

    /// - Parameter service: a service in canonical form.
    init(of service: Node) {
        self = service["deploy"]?["mode"]?.string.flatMap { Deployment(rawValue: $0) } ?? .replicated
    }

    /// Whether there is one instance for each machine.
    var isGlobal: Bool { self == .global || self == .globalJob }

    /// Whether it is done once it has succeeded.
    var isJob: Bool { self == .replicatedJob || self == .globalJob }
}

extension Service {
    /// Whether there is one instance of it, whatever anybody asks for.
    public var isGlobal: Bool { Deployment(of: definition).isGlobal }
}
