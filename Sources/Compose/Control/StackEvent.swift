/// Something that happened to an instance, for people who watch.
public struct StackEvent: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Sendable {
        case started, unchanged, updated, recreating, exited, restarting, failed, stopping, killed, stopped, orphan
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
