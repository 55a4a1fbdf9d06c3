public import Linux

/// What the new process does before it executes the payload: a flat list, compiled from a `ContainerSpec`.
///
/// Compilation is pure: the same spec and context give the same program, so that it can be compared in tests, shown by
/// `--dry-run`, and understood without a kernel at hand.
public struct InitProgram: Hashable, Sendable {
    let operations: [InitOperation]
    /// Those that the new process begins in.
    let clonedNamespaces: Namespaces
}

extension InitProgram {
    /// What the spec does not say: how this particular start is done.
    public struct Context: Hashable, Sendable {
        /// The version 1 cgroups to enter. See `Cgroup.taskFiles`.
        public var taskFiles: [String] = []
        /// Whether its cgroup is made around it. Before anything else: a cgroup namespace begins where its maker is.
        public var awaitsCgroup = false
        /// Whether the container is to end with the process that started it.
        public var diesWithParent = false
        /// Whether the first process is an init, and the payload its child.
        public var hasInit = false
        /// `MS_MOVE` and chroot in place of `pivot_root`, for roots on a ramfs.
        public var movesRoot = false
        /// Whether the start is announced on standard error.
        public var announces = false
        /// Whether the time that each operation takes is wanted.
        public var isTraced = false
        /// The size the container's terminal starts with.
        public var terminalSize: TerminalSize?
        /// The name of a session keyring of its own; nil to keep the caller's.
        public var keyring: String?
        /// What `MountSpec.Source.cgroups` shows.
        var cgroupMounts: [CgroupMount] = []
        /// Descriptors in the new process of the namespaces to join.
        var joined: [Joined] = []
        /// Descriptors of mounts that were prepared, by their place in the spec's list.
        var preparedMounts: [Prepared] = []
        /// How many descriptors after the standard streams the payload keeps.
        var preservedDescriptors = 0
        /// Where it waits for its start; nil to start at once.
        var start: Start?

        public init() {}

        /// Descriptors to wait for the start at and to report to afterwards.
        struct Start: Hashable, Sendable {
            let descriptor: CInt
            let report: CInt
        }

        /// A mount of the spec's list that the parent made.
        struct Prepared: Hashable, Sendable {
            let index: Int
            let descriptor: CInt
        }

        /// A namespace to enter.
        struct Joined: Hashable, Sendable {
            let descriptor: CInt
            let kinds: Namespaces
        }
    }

    /// Compiles `spec`.
    ///
    /// - Parameter filter: what `SeccompCache` makes of the spec's profile; nil only where the spec has none.
    public init(_ spec: ContainerSpec, filter: SeccompFilter?, context: Context = Context()) {
        var operations: [InitOperation] = context.isTraced ? [.trace] : []
        if context.awaitsCgroup { operations.append(.synchronize(.cgroup)) }
        operations += context.taskFiles.map { .enterCgroup(tasks: $0) }
        let isStaged = Self.isStaged(spec.linux)
        if isStaged {
            operations += Self.stagedNamespaces(spec, context)
        } else if spec.linux.namespaces.contains(.cgroup) {
            operations.append(.unshare(.cgroup))
        }
        if spec.linux.namespaces.contains(.network) { operations.append(.raiseLoopback) }

        operations += Self.root(spec, context)
        operations += Self.process(spec, filter: filter, context: context)
        // The cgroup namespace is for the child to make, once it is in its cgroups.
        self.init(
            operations: operations,
            clonedNamespaces: isStaged ? [] : spec.linux.namespaces.subtracting(.cgroup))
    }

    // MARK: Namespaces

    /// Whether the namespaces cannot all be made by the clone: those of others are to be joined, a user namespace has to
    /// have its mappings before anything is executed in it, and a time namespace its offsets before anything is in it.
    private static func isStaged(_ linux: LinuxSpec) -> Bool {
        !linux.joinedNamespaces.isEmpty || !linux.namespaces.isDisjoint(with: [.user, .time])
    }

    private static func stagedNamespaces(_ spec: ContainerSpec, _ context: Context) -> [InitOperation] {
        let linux = spec.linux
        var operations: [InitOperation] = []
        // While the host's privileges are there: a user namespace has none outside itself.
        if let score = spec.process.oomScoreAdjustment { operations.append(.setOOMScoreAdjustment(score)) }
        operations += context.joined.map { .joinNamespaces(descriptor: $0.descriptor, kinds: $0.kinds) }
        if linux.namespaces.contains(.user) {
            operations += [.unshare(.user), .synchronize(.mappings), .becomeNamespaceRoot]
        } else if linux.ownNamespaces.contains(.user) {
            operations.append(.becomeNamespaceRoot)
        }
        let others = linux.namespaces.subtracting(.user)
        if !others.isEmpty { operations.append(.unshare(others)) }
        if linux.namespaces.contains(.time), !linux.timeOffsets.isEmpty {
            let lines = linux.timeOffsets.map { "\($0.clock) \($0.seconds) \($0.nanoseconds)\n" }
            operations.append(.setTimeOffsets(lines.joined()))
        }
        if !linux.ownNamespaces.isDisjoint(with: [.process, .time]) { operations.append(.fork) }
        return operations
    }

    // MARK: The root file system

    private static func root(_ spec: ContainerSpec, _ context: Context) -> [InitOperation] {
        var operations: [InitOperation] = []
        if spec.root.propagation == nil, !spec.mounts.contains(where: { !$0.spread.isEmpty }) {
            operations.append(.setPropagation(MountSpec.Spread(.private, recursive: true)))
        } else {
            var spread = spec.root.propagation ?? MountSpec.Spread(.slave, recursive: true)
            // A slave passes nothing on to the host; what is shared would.
            if spread.propagation == .slave { spread.isRecursive = true }
            operations.append(.setPropagation(spread))
            if spread.propagation != .slave { operations.append(.makeParentPrivate(of: spec.root.path)) }
        }
        operations.append(open(spec.root, isMapped: spec.linux.ownNamespaces.contains(.user)))
        operations += mounts(spec, context)
        if !spec.linux.systemControls.isEmpty { operations.append(.setSystemControls(spec.linux.systemControls)) }
        operations += spec.linux.maskedPaths.map { .maskPath($0) }
        operations += spec.linux.readOnlyPaths.map { .makeReadOnly(path: $0) }
        if let hostname = spec.hostname { operations.append(.setHostname(hostname)) }
        if let domain = spec.domainName { operations.append(.setDomainName(domain)) }
        if let keyring = context.keyring { operations.append(.joinSessionKeyring(keyring)) }
        if spec.hooks.needsWaiting { operations.append(.synchronize(.hooks)) }
        if !spec.hooks.createContainer.isEmpty {
            operations.append(.runHooks(spec.hooks.createContainer, name: "createContainer"))
        }
        if spec.root.readOnly { operations.append(.makeMountReadOnly(path: "/")) }
        let propagation = spec.root.propagation?.propagation
        let isShared = propagation == .shared || propagation == .unbindable
        operations.append(context.movesRoot ? .moveRoot : .pivotRoot(keepsFromHost: isShared))
        if let propagation = spec.root.propagation { operations.append(.setRootPropagation(propagation)) }
        return operations
    }

    private static func open(_ root: RootSpec, isMapped: Bool) -> InitOperation {
        switch root.changes {
        case .inPlace:
            .openRoot(
                path: root.path, allowsDevices: root.allowsDevices,
                propagation: root.propagation?.propagation == .slave ? nil : .private)
        case .temporary:
            .openOverlayRoot(
                lower: root.path, layer: .temporary, usesUserAttributes: isMapped, allowsDevices: root.allowsDevices)
        case .layer(let upper, let work):
            .openOverlayRoot(
                lower: root.path, layer: .directory(upper: upper, work: work), usesUserAttributes: isMapped,
                allowsDevices: root.allowsDevices)
        }
    }

    private static func mounts(_ spec: ContainerSpec, _ context: Context) -> [InitOperation] {
        var operations: [InitOperation] = []
        let devices = DeviceSetup(
            nodes: spec.linux.devices, isClosed: !spec.root.allowsDevices,
            bindsNodes: spec.linux.ownNamespaces.contains(.user))
        var isDeviceRootReadOnly = false
        var populatesDevices = true
        for (index, mount) in spec.mounts.enumerated() {
            var mount = mount
            if mount.destination == "/dev" {
                switch mount.source {
                case .bind: populatesDevices = false
                case .fileSystem, .cgroups:
                    isDeviceRootReadOnly = mount.change.set.contains(.readOnly)
                    mount.change.set.subtract(.readOnly)
                }
            }
            if case .cgroups = mount.source {
                operations.append(
                    .mountCgroups(context.cgroupMounts, target: mount.destination, mount.change))
            } else {
                let prepared = context.preparedMounts.first { $0.index == index }?.descriptor
                operations.append(.mount(mount, prepared: prepared))
            }
        }
        if populatesDevices { operations.append(.populateDevices(devices)) }
        if isDeviceRootReadOnly { operations.append(.makeMountReadOnly(path: "/dev")) }
        return operations
    }

    // MARK: The process

    private static func process(
        _ spec: ContainerSpec, filter: SeccompFilter?, context: Context
    ) -> [InitOperation] {
        var operations = process(spec.process, filter: filter, context: context) { operations in
            guard let start = context.start else { return }
            operations += [
                .findCommand(arguments: spec.process.arguments, environment: spec.process.environment),
                .synchronize(.ready), .awaitStart(descriptor: start.descriptor, report: start.report),
            ]
            if !spec.hooks.startContainer.isEmpty {
                operations.append(.runHooks(spec.hooks.startContainer, name: "startContainer"))
            }
        }
        if let domain = spec.linux.personality { operations.insert(.setPersonality(domain), at: 0) }
        if !isStaged(spec.linux), let score = spec.process.oomScoreAdjustment {
            operations.insert(.setOOMScoreAdjustment(score), at: 0)
        }
        return operations
    }

    /// - Parameter last: adds what comes between all preparations and the exec.
    private static func process(
        _ process: ProcessSpec, filter: SeccompFilter?, context: Context,
        last: (inout [InitOperation]) -> Void
    ) -> [InitOperation] {
        var operations: [InitOperation] = [.startSession]
        if process.terminal {
            let size = process.consoleSize ?? context.terminalSize ?? TerminalSize(columns: 80, rows: 24)
            operations.append(.openTerminal(size: size, owner: process.identity.user))
        }
        operations.append(.setFileModeMask(process.umask))
        operations.append(.enterDirectory(process.workingDirectory))
        if let scheduling = process.scheduling { operations.append(.setScheduling(scheduling)) }
        if let priority = process.ioPriority { operations.append(.setIOPriority(priority)) }
        if let profile = process.appArmorProfile {
            operations.append(.setSecurityLabel(file: "apparmor/exec", label: "exec \(profile)"))
        }
        if let label = process.seLinuxLabel { operations.append(.setSecurityLabel(file: "exec", label: label)) }
        for limit in process.limits { operations.append(.setLimit(limit)) }
        operations.append(.limitBoundingSet(process.capabilities.bounding))
        let install = filter.map { InitOperation.installSeccomp(filter: $0.program, flags: $0.flags) }
        // Without no_new_privs this takes CAP_SYS_ADMIN, which is about to go: the filter has to allow what follows.
        if let install, !process.noNewPrivileges { operations.append(install) }
        operations.append(.assume(process.identity))
        operations.append(.setCapabilities(process.capabilities))
        if process.noNewPrivileges { operations.append(.setNoNewPrivileges) }
        // A change of user would undo this. See prctl(2), PR_SET_PDEATHSIG.
        if context.diesWithParent { operations.append(.dieWithParent) }
        if context.announces { operations.append(.announce(command: process.arguments)) }
        last(&operations)
        operations.append(.prepareExecution(first: UInt32(3 + context.preservedDescriptors)))
        // With it the filter comes last, so that it need not allow anything but the execve.
        if let install, process.noNewPrivileges { operations.append(install) }
        if context.hasInit { operations.append(.leaveInitBehind) }
        operations.append(.execute(arguments: process.arguments, environment: process.environment))
        return operations
    }
}

extension InitProgram {
    /// One more process in a container that runs.
    ///
    /// - Parameters:
    ///   - container: in the new process, a descriptor of the container's first process.
    ///   - namespaces: those of the container that are not the caller's.
    init(
        _ process: ProcessSpec, joining container: CInt, namespaces: Namespaces, filter: SeccompFilter?,
        context: Context
    ) {
        var operations: [InitOperation] = context.awaitsCgroup ? [.synchronize(.cgroup)] : []
        operations += context.taskFiles.map { .enterCgroup(tasks: $0) }
        if let score = process.oomScoreAdjustment { operations.append(.setOOMScoreAdjustment(score)) }
        operations.append(.joinNamespaces(descriptor: container, kinds: namespaces))
        if namespaces.contains(.user) { operations.append(.becomeNamespaceRoot) }
        if !namespaces.isDisjoint(with: [.process, .time]) { operations.append(.fork) }
        operations += Self.process(process, filter: filter, context: context) { operations in
            operations.append(.findCommand(arguments: process.arguments, environment: process.environment))
        }
        self.init(operations: operations, clonedNamespaces: [])
    }
}

extension Hooks {
    /// Whether the parent has hooks to run, or the state to tell the container's.
    fileprivate var needsWaiting: Bool {
        !prestart.isEmpty || !createRuntime.isEmpty || !createContainer.isEmpty
    }
}

extension InitProgram: CustomStringConvertible {
    /// One operation a line.
    public var description: String {
        operations.map(\.description).joined(separator: "\n")
    }
}
