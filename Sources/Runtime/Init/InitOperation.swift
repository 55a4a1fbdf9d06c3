internal import Linux

/// One primitive step of setting a container up, carried out inside the new process. Order is the parent's decision:
/// `InitProgram` compiles it, `InitInterpreter` runs it top to bottom.
enum InitOperation: Hashable, Sendable {
    /// Notes the time after each operation from here on, and tells the parent before the exec; the first operation.
    case trace

    // While the root is still the host's. Paths marked "host" are resolved there, all others below the container's root.

    /// Enters a version 1 cgroup: writes `0` to its `tasks` file (host).
    case enterCgroup(tasks: String)
    case setOOMScoreAdjustment(Int32)
    /// Enters existing namespaces, by a descriptor the parent passed on: a namespace or a process.
    case joinNamespaces(descriptor: CInt, kinds: Namespaces)
    case unshare(Namespaces)
    /// Tells the parent how far it is, and waits for its answer.
    case synchronize(SyncPoint)
    /// Becomes user and group 0 of a user namespace.
    case becomeNamespaceRoot
    /// Removes a directory (host) with everything in it.
    case removeTree(String)
    /// Lines of `/proc/self/timens_offsets` (host).
    case setTimeOffsets(String)
    /// Goes on as a new process, which is in the PID and time namespaces that this one made or joined.
    case fork
    case raiseLoopback
    /// Decides which later mounts show on the host, and the other way round.
    case setPropagation(MountSpec.Spread)
    /// Keeps mounts on `path` (host) from showing on the host where the mount it is on would share them.
    case makeParentPrivate(of: String)
    /// Chooses the root file system (host) and makes it a mount of its own.
    case openRoot(path: String, allowsDevices: Bool, propagation: Propagation?)
    /// The same, with changes going to memory or to a layer (host). In a user namespace overlayfs keeps its notes in
    /// attributes that an ordinary user may write.
    case openOverlayRoot(lower: String, layer: OverlayLayer, usesUserAttributes: Bool, allowsDevices: Bool)
    /// Sources of binds are paths of the host, or a mount that the parent prepared.
    case mount(MountSpec, prepared: CInt?)
    /// Shows the container its cgroups at `target`.
    case mountCgroups([CgroupMount], target: String, MountSpec.Change)
    /// Creates the device nodes and links every program expects in the container's `/dev`, and more nodes.
    case populateDevices(DeviceSetup)
    case setSystemControls([SystemControl])
    case maskPath(String)
    case makeReadOnly(path: String)
    /// The mount at `path`, without those below it.
    case makeMountReadOnly(path: String)
    case setHostname(String)
    case setDomainName(String)
    case joinSessionKeyring(String)
    /// Runs programs of the host in the container's namespaces, with what the parent last answered as their input.
    case runHooks([Hooks.Hook], name: String)
    /// Makes the container's root the root, and unmounts the host's: there, too, where mounts are shared and not kept from
    /// it.
    case pivotRoot(keepsFromHost: Bool)
    /// The same for a root that cannot be pivoted away from (ramfs): moves the mount over `/` and changes root.
    case moveRoot

    // From here on the root is the container's.

    case setRootPropagation(MountSpec.Spread)
    case startSession
    /// Opens a pseudoterminal, sends its other side to the parent, and makes it descriptors 0 to 2 and `/dev/console`.
    case openTerminal(size: TerminalSize, owner: UInt32)
    /// Changes to a directory, creating it where it is missing.
    case enterDirectory(String)
    case setFileModeMask(UInt32)
    case setPersonality(UInt)
    case setScheduling(Scheduling)
    case setIOPriority(IOPriority)
    case setLimit(ResourceLimit)
    /// Writes to a file of `/proc/self/attr`.
    case setSecurityLabel(file: String, label: String)
    case limitBoundingSet(CapabilitySet)
    case assume(Identity)
    case setCapabilities(CapabilitySets)
    case setNoNewPrivileges
    /// Ends the container with its parent.
    case dieWithParent
    /// Says `Running [/bin/sh] as 1` on standard error.
    case announce(command: [String])
    /// Fails where the payload's command could not be executed.
    case findCommand(arguments: [String], environment: [String])
    /// Waits for a byte on a descriptor the parent passed on, and reports to another one from then on: whoever starts the
    /// container need not be who made it.
    case awaitStart(descriptor: CInt, report: CInt)
    /// Closes descriptors from `first` on at the exec and sets signals back, before a filter may forbid it.
    case prepareExecution(first: UInt32)
    /// Filters all system calls from here on. See `SeccompFilter`.
    case installSeccomp(filter: [UInt8], flags: UInt32)
    /// Executes the payload; the last operation.
    case execute(arguments: [String], environment: [String])
    /// What follows is done by a child; this process looks after it as an init.
    case leaveInitBehind
}

/// Where an overlay's changes go. See `RootChanges`.
enum OverlayLayer: Hashable, Sendable {
    case temporary
    case directory(upper: String, work: String)
}

/// A point at which the init stage waits for its parent.
enum SyncPoint: UInt8, Hashable, Sendable {
    /// It is in the cgroup of whoever started it still: systemd moves processes, and makes no cgroup without one.
    case cgroup = 4
    /// The user namespace has no mappings yet.
    case mappings = 1
    /// All namespaces and mounts are there, and the root is the host's still: `prestart` and `createRuntime`.
    case hooks = 2
    /// All is done but the payload's exec.
    case ready = 3
}

/// One of the container's cgroups, to be seen from inside.
struct CgroupMount: Hashable, Sendable {
    /// On the host.
    let source: String
    /// Below the place cgroups are mounted at; empty for that place itself.
    let name: String
    /// Other names for it there.
    let links: [String]
}

/// How the container's `/dev` is filled.
struct DeviceSetup: Hashable, Sendable {
    /// Beside the standard ones.
    let nodes: [DeviceSpec]
    /// Whether only the nodes made here can be opened, and none that the container makes.
    let isClosed: Bool
    /// Whether the host's nodes are shown in place of new ones, which a user namespace may not make.
    let bindsNodes: Bool
}
