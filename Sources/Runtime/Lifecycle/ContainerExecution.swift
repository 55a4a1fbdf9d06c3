public import Linux

/// One more process in a container that runs.
public struct ContainerExecution {
    /// How it is started, beyond what describes it.
    public struct Options: Sendable {
        public var consoleSocket: String?
        public var pidFile: String?
        public var preserved = 0
        /// Whether it is started in a container that is paused, where it waits.
        public var ignoresPause = false
        /// Whether the terminal is for the caller where there is no socket.
        public var keepsTerminal = false
        public var terminalSize: TerminalSize?
        public var warn: @Sendable (String) -> Void = { _ in }

        public init() {}
    }

    /// Changes to the container's own `process`.
    public struct Changes: Sendable {
        public var arguments: [String] = []
        public var environment: [String] = []
        public var workingDirectory: String?
        public var user: UserSpecifier?
        public var additionalGroups: [UInt32] = []
        public var capabilities: [Capability] = []
        public var terminal = false
        public var noNewPrivileges = false

        public init() {}
    }

    private let stored: StoredContainer
    private let process: ProcessSpec
    private let options: Options

    /// A process as a document describes it, which has the form of the specification's `process`.
    public init(
        in stored: StoredContainer, processAt path: String, terminal: Bool = false, options: Options
    ) throws(LifecycleError) {
        let document = try StoredContainer.document(path)
        var process: ProcessSpec
        do {
            process = try ProcessSpec(document)
        } catch {
            throw .document(path: path, "\(error)")
        }
        if terminal { process.terminal = true }
        self.process = process
        self.stored = stored
        self.options = options
    }

    /// A process like the container's own, but for `changes`.
    public init(in stored: StoredContainer, _ changes: Changes, options: Options) throws(LifecycleError) {
        let record = try stored.record()
        var process: ProcessSpec
        do {
            guard let object = try stored.configuration().object("process") else {
                throw SpecError("process", "is missing")
            }
            process = try ProcessSpec(object)
        } catch let error as LifecycleError {
            throw error
        } catch {
            throw .document(path: "config.json", "\(error)")
        }
        process.arguments = changes.arguments
        process.environment += changes.environment
        process.terminal = changes.terminal
        if let directory = changes.workingDirectory { process.workingDirectory = directory }
        if changes.noNewPrivileges { process.noNewPrivileges = true }
        if let user = changes.user {
            do {
                process.identity = try RootFiles(RootSpec(path: record.rootfs)).users().account(user).identity
            } catch let error as UserLookupError {
                throw .runtime(.user(error))
            } catch let error as SystemError {
                throw .runtime(.root(error))
            } catch {
                throw .system(SystemError("look up", "user", .inputOutput))
            }
        }
        process.identity.supplementaryGroups += changes.additionalGroups
        process.capabilities = process.capabilities.adding(CapabilitySet(changes.capabilities))
        self.process = process
        self.stored = stored
        self.options = options
    }

    /// Begins to run it.
    ///
    /// - Returns: the process, and its terminal where it has one and nobody else was sent it.
    public func start() throws(LifecycleError) -> StartedExecution {
        let record = try stored.record()
        let status = stored.status(record)
        guard status == .running || status == .created || (status == .paused && options.ignoresPause) else {
            throw .notRunning(stored.name, status)
        }
        guard let first = record.process?.open() else { throw .notRunning(stored.name, .stopped) }
        if process.terminal, options.consoleSocket == nil, !options.keepsTerminal {
            throw .document(
                path: "process", "terminal: a terminal needs somebody to talk to it; say where with --console-socket")
        }
        let container = try launch(first, record)
        do {
            return try finish(container)
        } catch {
            try? container.process.send(.kill)
            _ = try? container.process.wait()
            throw error
        }
    }

    private func launch(
        _ first: borrowing ProcessHandle, _ record: ContainerRecord
    ) throws(LifecycleError) -> Container {
        let namespaces = try stored.namespaces()
        let seccomp: SeccompSpec?
        do {
            seccomp = try stored.configuration().object("linux")?.object("seccomp").map {
                (value) throws(SpecError) in try SeccompSpec(value)
            }
        } catch let error as LifecycleError {
            throw error
        } catch {
            throw .document(path: "config.json", "\(error)")
        }
        var context = InitProgram.Context()
        context.preservedDescriptors = options.preserved
        context.terminalSize = options.terminalSize
        let joining = JoiningProcess(
            process, root: RootSpec(path: record.rootfs), namespaces: namespaces, seccomp: seccomp,
            cgroup: record.cgroup)
        do {
            return try joining.start(
                beside: first, runBase: RunDirectory.standard, inheritance: Inheritance(preserved: options.preserved),
                context: context, movedBy: effectiveUserID == 0 ? nil : record.scope, warn: options.warn)
        } catch {
            throw .runtime(error)
        }
    }

    private func finish(_ container: Container) throws(LifecycleError) -> StartedExecution {
        var terminal: FileDescriptor?
        do {
            if process.terminal {
                terminal = try container.receiveTerminal()
                if let path = options.consoleSocket, let opened = terminal.take() {
                    try FileDescriptor.connect(to: path).send(opened)
                }
            }
            try container.waitUntilRunning()
            if let path = options.pidFile {
                try placeFile(path, with: "\(container.process.processID)".utf8, mode: 0o644)
            }
        } catch let error as RuntimeError {
            throw .runtime(error)
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw .system(SystemError("start", "a process", .inputOutput))
        }
        return StartedExecution(container: container, terminal: terminal)
    }
}

/// A process of a container that has been started.
public struct StartedExecution: ~Copyable {
    public let container: Container
    var terminal: FileDescriptor?

    /// - Parameter terminal: the process's, for the caller; nil where it has none.
    public init(container: Container, terminal: consuming FileDescriptor?) {
        self.container = container
        self.terminal = terminal
    }
}

extension CapabilitySets {
    /// What is inheritable stays as it is (CVE-2022-29162).
    fileprivate func adding(_ more: CapabilitySet) -> CapabilitySets {
        func sum(_ set: CapabilitySet) -> CapabilitySet { CapabilitySet(mask: set.mask | more.mask) }
        return CapabilitySets(
            bounding: sum(bounding), effective: sum(effective), permitted: sum(permitted), inheritable: inheritable,
            ambient: ambient)
    }
}
