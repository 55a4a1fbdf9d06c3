internal import Linux

/// What one container is to be, in the shape and terms of the OCI runtime specification's `config.json`.
public struct ContainerSpec: Hashable, Sendable {
    public var process: ProcessSpec
    public var root: RootSpec
    /// The name in the container's own UTS namespace; nil keeps the host's.
    public var hostname: String?
    /// The NIS domain name there.
    public var domainName: String?
    /// Mounted in this order, each over what is there already.
    public var mounts: [MountSpec]
    public var hooks: Hooks
    public var linux: LinuxSpec
    /// Whatever whoever made the container wants to find again.
    public var annotations: [Annotation]

    public init(
        process: ProcessSpec, root: RootSpec, hostname: String?, domainName: String? = nil, mounts: [MountSpec],
        hooks: Hooks = Hooks(), linux: LinuxSpec, annotations: [Annotation] = []
    ) {
        self.process = process
        self.root = root
        self.hostname = hostname
        self.domainName = domainName
        self.mounts = mounts
        self.hooks = hooks
        self.linux = linux
        self.annotations = annotations
    }

    /// A key and a value, in the order they were written.
    public struct Annotation: Hashable, Sendable {
        public let key: String
        public let value: String

        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }
}

/// The root file system: the specification's `root`, and where its changes go.
public struct RootSpec: Hashable, Sendable {
    /// An absolute path on the host.
    public var path: String
    public var readOnly: Bool
    public var changes: RootChanges
    /// Whether device nodes in it can be opened, which only the cgroup's device rules limit then.
    public var allowsDevices: Bool
    /// The specification's `rootfsPropagation`; nil keeps mounts of either side from the other.
    public var propagation: MountSpec.Spread?

    public init(
        path: String, readOnly: Bool = false, changes: RootChanges = .inPlace, allowsDevices: Bool = false,
        propagation: MountSpec.Spread? = nil
    ) {
        self.path = path
        self.readOnly = readOnly
        self.changes = changes
        self.allowsDevices = allowsDevices
        self.propagation = propagation
    }
}

/// Where a container's changes to its root file system go.
public enum RootChanges: Hashable, Sendable {
    /// Into the directory itself.
    case inPlace
    /// Into memory, gone with the container.
    case temporary
    /// Into `upper`, by overlayfs, which needs `work` on the same file system. Both are absolute host paths.
    case layer(upper: String, work: String)
}
