public import Linux

/// What the new process does before it executes the payload: a flat list, compiled from a `ContainerSpec`.
///
/// Compilation is pure: the same spec and context give the same program, so that it can be compared in tests, shown by
/// `--dry-run`, and understood without a kernel at hand.
public struct InitProgram: Hashable, Sendable {
    let operations: [InitOperation]
}

extension InitProgram {
    /// What the spec does not say: how this particular start is done.
    public struct Context: Hashable, Sendable {
        /// The version 1 cgroups to enter. See `Cgroup.taskFiles`.
        public var taskFiles: [String] = []
        /// Whether the container is to end with the process that started it.
        public var diesWithParent = false
        /// `MS_MOVE` and chroot in place of `pivot_root`, for roots on a ramfs.
        public var movesRoot = false
        /// Whether the start is announced on standard error.
        public var isVerbose = false
        /// The size the container's terminal starts with.
        public var terminalSize: TerminalSize?

        public init() {}
    }

    /// Compiles `spec`.
    ///
    /// - Parameter filter: what `SeccompCache` makes of the spec's profile; nil only where the spec has none.
    public init(_ spec: ContainerSpec, filter: SeccompFilter?, context: Context = Context()) {
        var operations: [InitOperation] = []
        operations += context.taskFiles.map { .enterCgroup(tasks: $0) }
        if spec.linux.namespaces.contains(.cgroup) { operations.append(.unshareCgroupNamespace) }
        if spec.linux.namespaces.contains(.network) { operations.append(.raiseLoopback) }

        operations.append(.makeMountsPrivate)
        operations.append(Self.open(spec.root))
        operations += Self.mounts(spec.mounts)
        operations += spec.linux.maskedPaths.map { .maskPath($0) }
        operations += spec.linux.readOnlyPaths.map { .makeReadOnly(path: $0) }
        if let hostname = spec.hostname { operations.append(.setHostname(hostname)) }
        if spec.root.readOnly { operations.append(.makeRootReadOnly) }
        operations.append(context.movesRoot ? .moveRoot : .pivotRoot)

        operations += Self.process(spec.process, filter: filter, context: context)
        self.operations = operations
    }

    private static func open(_ root: RootSpec) -> InitOperation {
        switch root.changes {
        case .inPlace: .openRoot(path: root.path)
        case .temporary: .openOverlayRoot(lower: root.path, layer: .temporary)
        case .layer(let upper, let work):
            .openOverlayRoot(lower: root.path, layer: .directory(upper: upper, work: work))
        }
    }

    private static func mounts(_ mounts: [MountSpec]) -> [InitOperation] {
        mounts.flatMap { mount -> [InitOperation] in
            switch mount.source {
            case .bind(let source):
                return [.bind(source: source, target: mount.destination, flags: mount.flags)]
            case .fileSystem(let type, let options):
                let operation = InitOperation.mount(
                    type: type, target: mount.destination, flags: mount.flags, options: options)
                return mount.destination == "/dev" ? [operation, .populateDevices] : [operation]
            }
        }
    }

    private static func process(
        _ process: ProcessSpec, filter: SeccompFilter?, context: Context
    ) -> [InitOperation] {
        var operations: [InitOperation] = [.startSession]
        if process.terminal {
            let size = context.terminalSize ?? TerminalSize(columns: 80, rows: 24)
            operations.append(.openTerminal(size: size, owner: process.identity.user))
        }
        operations.append(.setFileModeMask(0o022))
        operations.append(.enterDirectory(process.workingDirectory))
        operations.append(.limitBoundingSet(process.capabilities))
        let install = filter.map { InitOperation.installSeccomp(filter: $0.program, flags: $0.flags) }
        // Without no_new_privs this takes CAP_SYS_ADMIN, which is about to go: the filter has to allow what follows.
        if let install, !process.noNewPrivileges { operations.append(install) }
        operations.append(.assume(process.identity))
        // A change of user has left the permitted set; for any other user than root it ends here, as an exec would do.
        operations.append(.setCapabilities(process.identity.user == 0 ? process.capabilities : []))
        if process.noNewPrivileges { operations.append(.setNoNewPrivileges) }
        // A change of user would undo this. See prctl(2), PR_SET_PDEATHSIG.
        if context.diesWithParent { operations.append(.dieWithParent) }
        if context.isVerbose { operations.append(.announce(command: process.arguments)) }
        operations.append(.prepareExecution)
        // With it the filter comes last, so that it need not allow anything but the execve.
        if let install, process.noNewPrivileges { operations.append(install) }
        operations.append(.execute(arguments: process.arguments, environment: process.environment))
        return operations
    }
}

extension InitProgram: CustomStringConvertible {
    /// One operation a line.
    public var description: String {
        operations.map(\.description).joined(separator: "\n")
    }
}
