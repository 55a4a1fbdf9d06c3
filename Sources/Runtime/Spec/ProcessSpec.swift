public import Linux

/// What runs in the container: the specification's `process`.
public struct ProcessSpec: Hashable, Sendable {
    /// Whether it gets a pseudoterminal as its controlling terminal.
    public var terminal: Bool
    /// The terminal's size at first; nil where nobody says.
    public var consoleSize: TerminalSize?
    public var identity: Identity
    /// The file mode creation mask.
    public var umask: UInt32
    /// The command and its arguments. A command without a slash is looked up in the `PATH` of `environment`.
    public var arguments: [String]
    /// `NAME=value` strings.
    public var environment: [String]
    /// An absolute path in the container; created where it is missing.
    public var workingDirectory: String
    public var capabilities: CapabilitySets
    public var noNewPrivileges: Bool
    public var limits: [ResourceLimit] = []
    /// What is added to the kernel's score when it looks for a process to kill, from -1000 to 1000; nil keeps the
    /// caller's. See proc(5), `/proc/PID/oom_score_adj`.
    public var oomScoreAdjustment: Int32?
    public var scheduling: Scheduling?
    public var ioPriority: IOPriority?
    public var appArmorProfile: String?
    public var seLinuxLabel: String?

    public init(
        terminal: Bool = false, identity: Identity = .root, umask: UInt32 = 0o022, arguments: [String],
        environment: [String], workingDirectory: String = "/", capabilities: CapabilitySets = .standard,
        noNewPrivileges: Bool = true
    ) {
        self.terminal = terminal
        self.identity = identity
        self.umask = umask
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.capabilities = capabilities
        self.noNewPrivileges = noNewPrivileges
    }
}

/// The capability sets of a process. See capabilities(7).
public struct CapabilitySets: Hashable, Sendable {
    public var bounding: CapabilitySet
    public var effective: CapabilitySet
    public var permitted: CapabilitySet
    public var inheritable: CapabilitySet
    public var ambient: CapabilitySet

    public init(
        bounding: CapabilitySet, effective: CapabilitySet, permitted: CapabilitySet,
        inheritable: CapabilitySet = [], ambient: CapabilitySet = []
    ) {
        self.bounding = bounding
        self.effective = effective
        self.permitted = permitted
        self.inheritable = inheritable
        self.ambient = ambient
    }

    /// All that may be had is had, and nothing of it survives a change of user (CVE-2022-29162).
    public init(_ capabilities: CapabilitySet) {
        self.init(bounding: capabilities, effective: capabilities, permitted: capabilities)
    }

    public static let standard = CapabilitySets(.standard)
    public static let none = CapabilitySets([])
}
