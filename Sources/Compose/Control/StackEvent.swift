internal import Linux

/// Something that happened to an instance, for people who watch.
public struct StackEvent: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// On its way up; of one that waits, the detail says what for.
        case created, waiting, starting, started, healthy, unhealthy
        /// As it was, or made what the file says now.
        case unchanged, updated, recreating
        /// Done before, and unchanged since: not started again.
        case done
        /// Ended by itself; the detail says how.
        case exited, restarting, failed
        /// On its way down.
        case stopping, killed, stopped, removed
        case paused, unpaused
        /// Not in the stack file any more.
        case orphan
        /// Found running without a supervisor, and looked after again.
        case adopted
        /// Found running without a supervisor and unknown to it, and ended.
        case leftBehind
        /// How an instance is when somebody begins to watch.
        case state
    }

    /// For example `web-1`.
    public private(set) var instance: String
    public private(set) var kind: Kind
    /// What else there is to say, e.g. `exited with code 3`.
    public private(set) var detail: String?
    /// The exit code, or 128 + the signal, of what has ended.
    public private(set) var exitCode: Int32?
    /// In nanoseconds since 1970.
    public private(set) var time: Int64

    public init(_ instance: String, _ kind: Kind, detail: String? = nil, exitCode: Int32? = nil) {
        self.instance = instance
        self.kind = kind
        self.detail = detail
        self.exitCode = exitCode
        time = WallTime.now.nanosecondsSinceEpoch
    }
}

extension StackEvent.Kind: RecordValue {}

extension StackEvent: RecordType {
    static var blank: Self { Self("", .state) }

    mutating func visit(_ fields: inout RecordFields) {
        fields.field("instance", &instance)
        fields.field("kind", &kind)
        fields.field("detail", &detail)
        fields.field("exitCode", &exitCode)
        fields.field("time", &time)
    }
}
