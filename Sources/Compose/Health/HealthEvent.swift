/// What has become known about the health of an instance.
struct HealthEvent: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// All that the stack file asks for together: healthy is what is ready and passes its health check, as far as it
        /// has them.
        case changed(HealthStatus)
        /// It is ready. Comes before the change that follows from it.
        case ready
        /// It says what it is about, in a line for people.
        case said(String)
        /// One of its hooks has ended, and has printed this.
        case hookPrinted(String)
        /// Its hooks have all been run, or one of them has failed: why.
        case hooksEnded(HookTurn, failure: String?)
    }

    let instance: InstanceName
    let kind: Kind
}

/// A turn in the life of a service at which it may have hooks.
enum HookTurn: Hashable, Sendable {
    case postStart, preStop
}

/// What is known about the health of one run, to be shown and to be written down.
struct HealthReport: Hashable, Sendable {
    /// As `HealthEvent.Kind.changed` tells it.
    var status: HealthStatus
    /// Of the health check alone.
    var checkStatus: HealthStatus
    var failingStreak: Int
    var isReady: Bool
    /// The last tests, the oldest first.
    var results: [ProbeResult]
    /// Why it is not ready yet, as far as somebody has looked.
    var lastFailure: String?
    /// What it has said about itself.
    var said: String?
}
