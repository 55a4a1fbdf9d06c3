/// Something that happened to an instance, for people who watch.
public struct StackEvent: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, CaseIterable, Sendable {
        /// On its way up; of one that waits, the detail says what for.
        case created, waiting, starting, started, healthy, unhealthy
        /// As it was, or made what the file says now.
        case unchanged, updated, recreating
        /// Ended by itself; the detail says how.
        case exited, restarting, failed
        /// On its way down.
        case stopping, killed, stopped, removed
        /// Not in the stack file any more.
        case orphan
        /// Found running without a supervisor, and looked after again.
        case adopted
        /// Found running without a supervisor, and stopped.
        case leftBehind
    }

    /// For example `web-1`.
    public let instance: String
    public let kind: Kind
    /// What else there is to say, e.g. `exited with code 3`.
    public let detail: String?

    public init(_ instance: String, _ kind: Kind, detail: String? = nil) {
        self.instance = instance
        self.kind = kind
        self.detail = detail
    }
}
