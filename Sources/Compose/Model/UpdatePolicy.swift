/// How running instances are replaced by changed ones: `deploy.update_config`.
public struct UpdatePolicy: Hashable, Sendable {
    public enum Order: String, Hashable, Sendable {
        /// The old one ends before the new one begins.
        case stopFirst = "stop-first"
        /// The old one ends once the new one is up, and healthy where its health is known.
        case startFirst = "start-first"
    }

    /// What becomes of the rest where a new instance fails.
    public enum FailureAction: String, Hashable, Sendable {
        /// Nothing more is replaced.
        case pause
        /// The rest is replaced all the same.
        case goOn = "continue"
        /// What has been replaced becomes again what it was.
        case rollback
    }

    public var order = Order.stopFirst
    public var failureAction = FailureAction.pause
    /// How many instances of the service are replaced at a time; nil for all of them.
    public var parallelism: Int?
    /// How long to wait between one lot and the next.
    public var delay = Duration.zero
    /// How long a new instance is watched: an end within this time is a failure of the update.
    public var monitor = Duration.zero

    static let standard = UpdatePolicy()
}
