internal import Linux

/// Runs an `InitProgram` in the new process, top to bottom. It decides nothing.
struct InitInterpreter: ~Copyable {
    /// The connection to the parent.
    let control: FileDescriptor
    /// The container's root while the root is still the host's. Every path below it is resolved in it.
    var root: FileDescriptor?
    /// One empty read-only directory, shared by everything that is masked.
    var emptyDirectory: FileDescriptor?

    init(control: consuming FileDescriptor) {
        self.control = control
    }

    mutating func run(_ operation: InitOperation) throws(SystemError) {
        switch operation {
        case .enterCgroup(let tasks): try writeControlFile(tasks, "0")
        case .unshareCgroupNamespace: try unshare(.cgroup)
        case .dieWithParent: try dieWithParent()
        case .raiseLoopback: try Linux.raiseLoopback()
        case .makeMountsPrivate: try setPropagation(.private, ofTree: "/")
        case .openRoot(let path): try openRoot(path)
        case .openOverlayRoot(let lower, let layer): try openOverlayRoot(lower, layer)
        case .mount(let type, let target, let flags, let options): try mount(type, target, flags, options)
        case .bind(let source, let target, let flags): try bind(source, target, flags)
        case .populateDevices: try populateDevices()
        case .maskPath(let path): try mask(path)
        case .makeReadOnly(let path): try makeReadOnly(path)
        case .makeRootReadOnly: try makeRootReadOnly()
        case .setHostname(let name): try Linux.setHostname(name)
        case .pivotRoot: try pivotRoot()
        case .moveRoot: try moveRoot()
        case .startSession: try Linux.startSession()
        case .openTerminal(let size, let owner): try openTerminal(size, owner: owner)
        case .enterDirectory(let path): try enterDirectory(path)
        case .setFileModeMask(let mask): Linux.setFileModeMask(mask)
        case .limitBoundingSet(let set): try Linux.limitBoundingSet(to: set)
        case .assume(let identity): try assume(identity)
        case .setCapabilities(let set): try Linux.setCapabilities(set)
        case .setNoNewPrivileges: try Linux.setNoNewPrivileges()
        case .announce(let command): try announce(command)
        case .prepareExecution: try prepareExecution()
        case .installSeccomp(let filter, let flags): try installSystemCallFilter(filter, flags: flags)
        case .execute(let arguments, let environment): try execute(arguments, environment)
        }
    }
}
