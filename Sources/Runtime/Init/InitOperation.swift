internal import Linux

/// One primitive step of setting a container up, carried out inside the new process. Order is the parent's decision:
/// `InitProgram` compiles it, `InitInterpreter` runs it top to bottom.
enum InitOperation: Hashable, Sendable {
    // While the root is still the host's. Paths marked "host" are resolved there, all others below the container's root.

    /// Enters a version 1 cgroup: writes `0` to its `tasks` file (host).
    case enterCgroup(tasks: String)
    /// A new cgroup namespace, once the process is in its cgroups: the current ones become its roots.
    case unshareCgroupNamespace
    case raiseLoopback
    /// Keeps every later mount from showing on the host.
    case makeMountsPrivate
    /// Chooses the root file system (host) and makes it a mount of its own.
    case openRoot(path: String)
    /// The same, with changes going to memory or to a layer (host).
    case openOverlayRoot(lower: String, layer: OverlayLayer)
    case mount(type: String, target: String, flags: MountFlags, options: String)
    /// Makes `source` (host) appear at `target`, with everything mounted below it.
    case bind(source: String, target: String, flags: MountFlags)
    /// Creates the device nodes and links every program expects in the container's `/dev`.
    case populateDevices
    case maskPath(String)
    case makeReadOnly(path: String)
    case makeRootReadOnly
    case setHostname(String)
    /// Makes the container's root the root, and unmounts the host's.
    case pivotRoot
    /// The same for a root that cannot be pivoted away from (ramfs): moves the mount over `/` and changes root.
    case moveRoot

    // From here on the root is the container's.

    case startSession
    /// Opens a pseudoterminal, sends its other side to the parent, and makes it descriptors 0 to 2 and `/dev/console`.
    case openTerminal(size: TerminalSize, owner: UInt32)
    /// Changes to a directory, creating it where it is missing.
    case enterDirectory(String)
    case setFileModeMask(UInt32)
    case limitBoundingSet(CapabilitySet)
    case assume(Identity)
    case setCapabilities(CapabilitySet)
    case setNoNewPrivileges
    /// Ends the container with its parent.
    case dieWithParent
    /// Says `Running [/bin/sh] as 1` on standard error.
    case announce(command: [String])
    /// Closes descriptors at the exec and sets signals back, before a filter may forbid it.
    case prepareExecution
    /// Filters all system calls from here on. See `SeccompFilter`.
    case installSeccomp(filter: [UInt8], flags: UInt32)
    /// Executes the payload; the last operation.
    case execute(arguments: [String], environment: [String])
}

/// Where an overlay's changes go. See `RootChanges`.
enum OverlayLayer: Hashable, Sendable {
    case temporary
    case directory(upper: String, work: String)
}
