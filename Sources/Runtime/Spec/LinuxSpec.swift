public import Linux

/// The specification's `linux`.
public struct LinuxSpec: Hashable, Sendable {
    /// New ones.
    public var namespaces: Namespaces
    /// Those of others, by path.
    public var joinedNamespaces: [JoinedNamespace] = []
    /// Of the new user namespace.
    public var identityMappings = IdentityMappings()
    /// How far the clocks of the new time namespace are from the host's. See time_namespaces(7).
    public var timeOffsets: [TimeOffset] = []
    /// Below the mount of each cgroup hierarchy; nil for one named after the container.
    public var cgroupsPath: String?
    public var resources: Resources
    /// More device nodes than every container has.
    public var devices: [DeviceSpec] = []
    /// Kernel settings of the new namespaces, e.g. `net.ipv4.ip_forward`. See sysctl(8).
    public var systemControls: [SystemControl] = []
    /// Hidden from the container: directories become empty, files read as empty.
    public var maskedPaths: [String]
    public var readOnlyPaths: [String]
    /// Which system calls may be made; nil for all.
    public var seccomp: SeccompSpec?
    /// The execution domain. See personality(2).
    public var personality: UInt?

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

    /// All namespaces that are not the caller's, new and joined.
    public var ownNamespaces: Namespaces {
        joinedNamespaces.reduce(into: namespaces) { $0.formUnion($1.kind) }
    }
}

/// A namespace that somebody else made.
public struct JoinedNamespace: Hashable, Sendable {
    public var kind: Namespaces
    /// On the host, e.g. `/proc/42/ns/net` or a mount of such a file.
    public var path: String

    public init(_ kind: Namespaces, path: String) {
        self.kind = kind
        self.path = path
    }
}

/// Which users and groups of the host those of a user namespace are. See user_namespaces(7).
public struct IdentityMappings: Hashable, Sendable {
    public struct Range: Hashable, Sendable {
        public var inside: UInt32
        public var outside: UInt32
        public var count: UInt32

        public init(inside: UInt32, outside: UInt32, count: UInt32) {
            self.inside = inside
            self.outside = outside
            self.count = count
        }
    }

    public var users: [Range]
    public var groups: [Range]

    public init(users: [Range] = [], groups: [Range] = []) {
        self.users = users
        self.groups = groups
    }
}

/// How far a clock of a time namespace is from the host's.
public struct TimeOffset: Hashable, Sendable {
    /// `monotonic` or `boottime`.
    public var clock: String
    public var seconds: Int64
    public var nanoseconds: UInt32

    public init(clock: String, seconds: Int64, nanoseconds: UInt32) {
        self.clock = clock
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }
}

/// A device node of a container.
public struct DeviceSpec: Hashable, Sendable {
    /// An absolute path in the container.
    public var path: String
    public var kind: FileStatus.Kind
    /// Permission bits.
    public var mode: UInt32
    public var owner: UInt32
    public var group: UInt32

    public init(_ path: String, _ kind: FileStatus.Kind, mode: UInt32 = 0o666, owner: UInt32 = 0, group: UInt32 = 0) {
        self.path = path
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
    }
}

/// A kernel setting.
public struct SystemControl: Hashable, Sendable {
    /// With dots, e.g. `kernel.shmmax`.
    public var key: String
    public var value: String

    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}
