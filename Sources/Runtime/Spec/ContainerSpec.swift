public import Linux

/// What one container is to be, in the shape and terms of the OCI runtime specification's `config.json`.
public struct ContainerSpec: Hashable, Sendable {
    public var process: ProcessSpec
    public var root: RootSpec
    /// The name in the container's own UTS namespace; nil keeps the host's.
    public var hostname: String?
    /// Mounted in this order, each over what is there already.
    public var mounts: [MountSpec]
    public var linux: LinuxSpec

    public init(process: ProcessSpec, root: RootSpec, hostname: String?, mounts: [MountSpec], linux: LinuxSpec) {
        self.process = process
        self.root = root
        self.hostname = hostname
        self.mounts = mounts
        self.linux = linux
    }
}

/// What runs in the container: the specification's `process`.
public struct ProcessSpec: Hashable, Sendable {
    /// Whether it gets a pseudoterminal as its controlling terminal.
    public var terminal: Bool
    public var identity: Identity
    /// The command and its arguments. A command without a slash is looked up in the `PATH` of `environment`.
    public var arguments: [String]
    /// `NAME=value` strings.
    public var environment: [String]
    /// An absolute path in the container; created where it is missing.
    public var workingDirectory: String
    /// Bounding, effective and permitted; inheritable and ambient are always empty.
    public var capabilities: CapabilitySet
    public var noNewPrivileges: Bool

    public init(
        terminal: Bool = false, identity: Identity = .root, arguments: [String], environment: [String],
        workingDirectory: String = "/", capabilities: CapabilitySet = .standard, noNewPrivileges: Bool = true
    ) {
        self.terminal = terminal
        self.identity = identity
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.capabilities = capabilities
        self.noNewPrivileges = noNewPrivileges
    }
}

/// The root file system: the specification's `root`, and where its changes go.
public struct RootSpec: Hashable, Sendable {
    /// An absolute path on the host.
    public var path: String
    public var readOnly: Bool
    public var changes: RootChanges

    public init(path: String, readOnly: Bool = false, changes: RootChanges = .inPlace) {
        self.path = path
        self.readOnly = readOnly
        self.changes = changes
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

/// The specification's `linux`.
public struct LinuxSpec: Hashable, Sendable {
    public var namespaces: Namespaces
    public var resources: Resources
    /// Hidden from the container: directories become empty, files read as empty.
    public var maskedPaths: [String]
    public var readOnlyPaths: [String]
    /// Which system calls may be made; nil for all.
    public var seccomp: SeccompSpec?

    public init(
        namespaces: Namespaces = .standard, resources: Resources = Resources(),
        maskedPaths: [String] = LinuxSpec.standardMaskedPaths,
        readOnlyPaths: [String] = LinuxSpec.standardReadOnlyPaths, seccomp: SeccompSpec? = nil
    ) {
        self.namespaces = namespaces
        self.resources = resources
        self.maskedPaths = maskedPaths
        self.readOnlyPaths = readOnlyPaths
        self.seccomp = seccomp
    }
}
