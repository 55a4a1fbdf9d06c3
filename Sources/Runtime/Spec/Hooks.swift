/// Programs of the host's that run at certain points of a container's life. See the runtime specification, "POSIX-platform
/// Hooks".
public struct Hooks: Hashable, Sendable {
    public struct Hook: Hashable, Sendable {
        /// An absolute path.
        public var path: String
        /// With the name it is called by first.
        public var arguments: [String]
        /// `NAME=value` strings, and nothing else.
        public var environment: [String]
        /// In seconds; nil to wait as long as it takes.
        public var timeout: UInt32?

        public init(path: String, arguments: [String], environment: [String] = [], timeout: UInt32? = nil) {
            self.path = path
            self.arguments = arguments
            self.environment = environment
            self.timeout = timeout
        }
    }

    /// In the caller's namespaces, when the container's exist and its root is not its root yet. Deprecated, and used by
    /// Docker for its networks.
    public var prestart: [Hook] = []
    /// The same; after those.
    public var createRuntime: [Hook] = []
    /// In the container's namespaces, before its root becomes its root.
    public var createContainer: [Hook] = []
    /// In the container, before its process is executed.
    public var startContainer: [Hook] = []
    /// In the caller's namespaces, after the process has been executed.
    public var poststart: [Hook] = []
    /// In the caller's namespaces, after the container is gone.
    public var poststop: [Hook] = []

    public init() {}
}
