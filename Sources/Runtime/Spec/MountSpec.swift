public import Linux

/// One entry of the specification's `mounts`.
public struct MountSpec: Hashable, Sendable {
    /// What is mounted.
    public enum Source: Hashable, Sendable {
        /// A new file system of this type, with its own options.
        case fileSystem(String, options: String)
        /// A file or directory of the host, with all that is mounted below it.
        case bind(String)
    }

    /// An absolute path in the container. Missing directories on the way are created.
    public var destination: String
    public var source: Source
    public var flags: MountFlags

    public init(_ source: Source, at destination: String, flags: MountFlags = []) {
        self.destination = destination
        self.source = source
        self.flags = flags
    }
}
