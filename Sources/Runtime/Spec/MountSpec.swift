public import Linux

/// One entry of the specification's `mounts`.
public struct MountSpec: Hashable, Sendable {
    /// What is mounted.
    public enum Source: Hashable, Sendable {
        /// A new file system of this type, with its own options and, where the type wants one, a device.
        case fileSystem(String, options: String, device: String? = nil)
        /// A file or directory of the host, with what is mounted below it where `recursive`.
        case bind(String, recursive: Bool = true)
        /// What there is of cgroups, from the container's own on.
        case cgroups
    }

    /// How mount events pass between a mount and its copies, and whether that holds for all below it.
    public struct Spread: Hashable, Sendable {
        public var propagation: Propagation
        public var isRecursive: Bool

        public init(_ propagation: Propagation, recursive isRecursive: Bool) {
            self.propagation = propagation
            self.isRecursive = isRecursive
        }
    }

    /// Flags set on a mount and taken from it; what is in neither stays as it is.
    public struct Change: Hashable, Sendable {
        public var set: MountFlags
        public var cleared: MountFlags

        public init(set: MountFlags = [], cleared: MountFlags = []) {
            self.set = set
            self.cleared = cleared
        }

        public var isEmpty: Bool { self.set.isEmpty && cleared.isEmpty }
    }

    /// An absolute path in the container. Missing directories on the way are created.
    public var destination: String
    public var source: Source
    /// Of the mount itself.
    public var change: Change
    /// Of the mount and of all below it.
    public var changeBelow = Change()
    public var spread: [Spread] = []
    /// Whether a new tmpfs begins with a copy of what it covers.
    public var copiesUp = false
    /// Whose files they appear to be; nil for whose they are.
    public var mappings: IdentityMappings?

    public init(_ source: Source, at destination: String, change: Change) {
        self.source = source
        self.destination = destination
        self.change = change
    }

    /// With flags that hold for all that a bind brings along, too.
    public init(_ source: Source, at destination: String, flags: MountFlags = []) {
        switch source {
        case .bind(_, recursive: true):
            self.init(source, at: destination, change: Change())
            changeBelow = Change(set: flags)
        case .bind, .fileSystem, .cgroups:
            self.init(source, at: destination, change: Change(set: flags))
        }
    }
}
