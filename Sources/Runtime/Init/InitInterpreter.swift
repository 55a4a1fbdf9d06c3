internal import Linux

/// Runs an `InitProgram` in the new process, top to bottom. It decides nothing.
struct InitInterpreter: ~Copyable {
    /// The connection to the parent.
    private(set) var control: FileDescriptor
    /// The container's root while the root is still the host's. Every path below it is resolved in it.
    var root: FileDescriptor?
    /// One empty read-only directory, shared by everything that is masked.
    var emptyDirectory: FileDescriptor?
    /// What the parent answered last: the container's state, as hooks read it.
    var state: [UInt8] = []

    /// When each operation was over, where somebody wants to know.
    var times: [MonotonicTime]?

    init(control: consuming FileDescriptor) {
        self.control = control
    }

    mutating func run(_ operation: InitOperation) throws(SystemError) {
        switch operation {
        case .trace: times = []
        case .enterCgroup(let tasks): try writeControlFile(tasks, "0")
        case .setOOMScoreAdjustment(let score): try writeControlFile("/proc/self/oom_score_adj", "\(score)")
        case .joinNamespaces(let descriptor, let kinds): try joinNamespaces(descriptor, kinds)
        case .unshare(let kinds): try Linux.unshare(kinds)
        case .synchronize(let point): try synchronize(point)
        case .becomeNamespaceRoot: try Linux.assume(.root)
        case .removeTree(let path): try Linux.removeTree(path)
        case .setTimeOffsets(let text): try writeControlFile("/proc/self/timens_offsets", text)
        case .fork: try fork()
        case .raiseLoopback: try Linux.raiseLoopback()
        case .setPropagation(let spread), .setRootPropagation(let spread):
            try Linux.setPropagation(spread.propagation, of: "/", recursive: spread.isRecursive)
        case .makeParentPrivate(let path): try makeParentPrivate(of: path)
        case .openRoot(let path, let allowsDevices, let propagation):
            try openRoot(path, allowsDevices: allowsDevices, propagation)
        case .openOverlayRoot(let lower, let layer, let usesUserAttributes, let allowsDevices):
            try openOverlayRoot(lower, layer, usesUserAttributes, allowsDevices)
        case .mount(let spec, let prepared): try mount(spec, prepared: prepared)
        case .mountCgroups(let mounts, let target, let change): try mountCgroups(mounts, target, change)
        case .populateDevices(let setup): try populateDevices(setup)
        case .setSystemControls(let settings): try setSystemControls(settings)
        case .maskPath(let path): try mask(path)
        case .makeReadOnly(let path): try makeReadOnly(path)
        case .makeMountReadOnly(let path): try makeMountReadOnly(path)
        case .setHostname(let name): try Linux.setHostname(name)
        case .setDomainName(let name): try Linux.setDomainName(name)
        case .joinSessionKeyring(let name): try Linux.joinSessionKeyring(name)
        case .runHooks(let hooks, let name): try runHooks(hooks, name)
        case .pivotRoot(let keepsFromHost): try pivotRoot(keepsFromHost: keepsFromHost)
        case .moveRoot: try moveRoot()
        case .startSession: try Linux.startSession()
        case .openTerminal(let size, let owner): try openTerminal(size, owner: owner)
        case .enterDirectory(let path): try enterDirectory(path)
        case .setFileModeMask(let mask): Linux.setFileModeMask(mask)
        case .setPersonality(let domain): try Linux.setPersonality(domain)
        case .setScheduling(let scheduling): try Linux.setScheduling(scheduling)
        case .setIOPriority(let priority): try Linux.setIOPriority(priority)
        case .setLimit(let limit): try setResourceLimit(limit)
        case .setSecurityLabel(let file, let label): try setSecurityLabel(file, label)
        case .limitBoundingSet(let set): try Linux.limitBoundingSet(to: set)
        case .assume(let identity): try assume(identity)
        case .setCapabilities(let sets): try setCapabilities(sets)
        case .setNoNewPrivileges: try Linux.setNoNewPrivileges()
        case .announce(let command): try announce(command)
        case .dieWithParent: try dieWithParent()
        case .findCommand(let arguments, let environment): try findCommand(arguments, environment)
        case .awaitStart(let descriptor, let report):
            _ = try FileDescriptor(owning: descriptor).readExactly(1)
            control = FileDescriptor(owning: report)
        case .prepareExecution(let first):
            if let times { try control.writeAll(ControlMessage.trace(times)) }
            try prepareExecution(first)
        case .leaveInitBehind: try Linux.leaveInitBehind()
        case .installSeccomp(let filter, let flags): try installSystemCallFilter(filter, flags: flags)
        case .execute(let arguments, let environment): try execute(arguments, environment)
        }
    }
}
