public import Linux

/// A container that has been created and waits for its start.
public struct CreatedContainer: ~Copyable {
    public let container: Container
    public let stored: StoredContainer
    public let record: ContainerRecord
    /// The container's terminal, where it has one and nobody else was sent it.
    var terminal: FileDescriptor?
}

/// Makes a container of a bundle, up to the point where only its process is not executed yet. See the runtime
/// specification, "Lifecycle", steps 1 to 5.
public struct ContainerCreation {
    /// How the container is made, beyond what its bundle says.
    public struct Options: Sendable {
        /// A Unix socket to send the terminal to.
        public var consoleSocket: String?
        /// Where to write the number of the container's first process.
        public var pidFile: String?
        /// How many descriptors from 3 on the process keeps.
        public var preserved = 0
        /// How many of those are sockets that systemd listens on for the process. See sd_listen_fds(3).
        public var sockets = 0
        /// `MS_MOVE` and chroot in place of `pivot_root`.
        public var movesRoot = false
        /// Whether it gets a session keyring of its own.
        public var makesKeyring = true
        public var cgroups = CgroupManager.gocker
        /// Whether the terminal is for the caller where there is no socket.
        public var keepsTerminal = false
        /// The size of the terminal where the bundle says nothing.
        public var terminalSize: TerminalSize?
        /// Told what is not as the bundle asks for.
        public var warn: @Sendable (String) -> Void = { _ in }

        public init() {}
    }

    private let name: ContainerName
    private let bundle: Bundle
    private var spec: ContainerSpec
    private let store: ContainerStore
    private let options: Options

    public init(
        _ name: ContainerName, of bundle: Bundle, in store: ContainerStore, options: Options
    ) throws(LifecycleError) {
        self.name = name
        self.bundle = bundle
        self.store = store
        self.options = options
        spec = try bundle.spec.completed(warn: options.warn)
        if options.sockets > 0 {
            spec.process.environment += ["LISTEN_FDS=\(options.sockets)", "LISTEN_PID=1"]
        }
        if !spec.process.terminal, options.consoleSocket != nil {
            throw .document(
                path: bundle.path + "/config.json",
                "process.terminal: there is no terminal to send to --console-socket")
        }
        if spec.process.terminal, options.consoleSocket == nil, !options.keepsTerminal {
            throw .document(
                path: bundle.path + "/config.json",
                "process.terminal: a terminal needs somebody to talk to it; say where with --console-socket")
        }
        for number in 0..<options.preserved {
            guard isOpenDescriptor(CInt(3 + number)) else {
                throw .system(SystemError("preserve", "descriptor \(3 + number)", .badFileDescriptor))
            }
        }
    }

    /// - Throws: `LifecycleError`; nothing is left of the container then.
    public func run() throws(LifecycleError) -> CreatedContainer {
        let scope = try scope()
        let plan = try plan(scope)
        let new = try store.create(name)
        let stored = new.stored
        var record = ContainerRecord(
            name: name, process: nil, bundle: bundle.path, rootfs: spec.root.path, created: .now,
            owner: effectiveUserID, annotations: spec.annotations, cgroup: Cgroup(existing: []))
        do {
            try prepare(stored, record, plan, scope)
            let created = try start(plan, scope, stored, &record)
            withExtendedLifetime(new.lock) {}
            return created
        } catch {
            record.destroy()
            try? stored.remove()
            spec.hooks.poststop.runAll(record, .stopped, warn: options.warn)
            throw error
        }
    }

    /// Keeps what whoever deletes the container has to know, before there is anything to be found again.
    private func prepare(
        _ stored: StoredContainer, _ record: ContainerRecord, _ plan: CgroupPlan, _ scope: SystemdScope?
    ) throws(LifecycleError) {
        var record = record
        record.cgroup = Cgroup(existing: plan)
        record.scope = scope
        // Whoever is in it is not ours to kill, now or later.
        guard !record.cgroup.isInUse else { throw .cgroup(.inUse(plan.path)) }
        let planned = record
        try asLifecycle { () throws(SystemError) in
            try stored.keepConfiguration(bundle.bytes)
            try stored.save(planned)
            try makeFIFO(stored.startPath, mode: 0o600)
            try makeFIFO(stored.reportPath, mode: 0o600)
        }
    }

    private func scope() throws(LifecycleError) -> SystemdScope? {
        guard options.cgroups == .systemd else { return nil }
        do {
            return try SystemdScope(
                cgroupsPath: spec.linux.cgroupsPath, identifier: "\(name)", isRoot: effectiveUserID == 0)
        } catch {
            throw .cgroup(error)
        }
    }

    private func plan(_ scope: SystemdScope?) throws(LifecycleError) -> CgroupPlan {
        guard options.cgroups != .nobody else { return CgroupPlan.none }
        do {
            // Where systemd makes the cgroup it is the caller's, whoever that is.
            let layout = scope == nil ? CgroupLayout.usable() : CgroupLayout.detect()
            let path =
                if let scope {
                    try scope.path(on: layout)
                } else {
                    try CgroupsPath.resolve(spec.linux.cgroupsPath, identifier: "\(name)")
                }
            return try CgroupPlan(
                path: path, resources: spec.linux.resources, layout: layout, membership: .everywhere)
        } catch {
            throw .cgroup(error)
        }
    }

    private func start(
        _ plan: CgroupPlan, _ scope: SystemdScope?, _ stored: StoredContainer, _ record: inout ContainerRecord
    ) throws(LifecycleError) -> CreatedContainer {
        let container: Container
        if let scope {
            record.cgroup = Cgroup(existing: plan)
            record.scope = scope
            container = try launch(scope, plan, stored, &record)
        } else {
            do {
                record.cgroup = try Cgroup(creating: plan)
            } catch {
                throw .cgroup(error)
            }
            container = try launch(record.cgroup, stored)
        }
        do {
            record.process = try asLifecycle { () throws(SystemError) in
                try ProcessIdentity(of: container.process.processID)
            }
            try finish(container, stored, record)
            let terminal = try takeTerminal(container)
            try ready(container, stored, record)
            return CreatedContainer(container: container, stored: stored, record: record, terminal: terminal)
        } catch {
            try? container.process.send(.kill)
            _ = try? container.process.wait()
            throw error
        }
    }

    // MARK: Steps

    /// Systemd makes the cgroup when there is a process for it.
    private func launch(
        _ scope: SystemdScope, _ plan: CgroupPlan, _ stored: StoredContainer, _ record: inout ContainerRecord
    ) throws(LifecycleError) -> Container {
        var isOurs = false
        do {
            return try launch(Cgroup(existing: plan), stored) { (process) throws(CgroupError) in
                try scope.start(with: process, resources: spec.linux.resources)
                isOurs = true
                try Cgroup.limit(plan)
            }
        } catch {
            // One of that name is not ours to kill.
            if !isOurs {
                record.cgroup = Cgroup(existing: [])
                record.scope = nil
            }
            throw error
        }
    }

    /// - Parameter surround: makes the cgroup, where it cannot be there before the process.
    private func launch(
        _ cgroup: Cgroup, _ stored: StoredContainer, surround: ((Int32) throws(CgroupError) -> Void)? = nil
    ) throws(LifecycleError) -> Container {
        do {
            let filter = try SeccompCache(runBase: RunDirectory.standard).filter(for: spec.linux.seccomp)
            var inheritance = Inheritance(preserved: options.preserved)
            var context = InitProgram.Context()
            context.taskFiles = cgroup.taskFiles
            context.awaitsCgroup = surround != nil
            context.movesRoot = options.movesRoot
            context.preservedDescriptors = options.preserved
            context.terminalSize = options.terminalSize
            context.cgroupMounts = cgroup.mounts
            if options.makesKeyring { context.keyring = "_ses.\(name)" }
            let resources = try LaunchResources(spec, stored)
            context.start = .init(
                descriptor: inheritance.add(resources.start.number), report: inheritance.add(resources.report.number))
            for namespace in resources.namespaces.descriptors {
                context.joined.append(.init(descriptor: inheritance.add(namespace.number), kinds: namespace.kinds))
            }
            for mount in resources.mounts.descriptors {
                context.preparedMounts.append(.init(index: mount.index, descriptor: inheritance.add(mount.number)))
            }
            let program = InitProgram(spec, filter: filter, context: context)
            let container = try Launcher.start(
                program, cgroup: surround == nil ? cgroup : nil, inheritance: inheritance,
                mappings: spec.linux.identityMappings,
                surround: surround)
            withExtendedLifetime(resources) {}
            return container
        } catch let error as RuntimeError {
            throw .runtime(error)
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw .system(SystemError("start", "\(name)", .inputOutput))
        }
    }

    /// The hooks that run before the container's root is its root.
    private func finish(
        _ container: Container, _ stored: StoredContainer, _ record: ContainerRecord
    ) throws(LifecycleError) {
        try asLifecycle { () throws(SystemError) in try stored.save(record) }
        let hooks = spec.hooks
        guard !hooks.prestart.isEmpty || !hooks.createRuntime.isEmpty || !hooks.createContainer.isEmpty else { return }
        try asLifecycle(container) { (container) throws(RuntimeError) in try container.waitUntil(.hooks) }
        try hooks.prestart.run(record, .creating)
        try hooks.createRuntime.run(record, .creating)
        try asLifecycle(container) { (container) throws(RuntimeError) in
            try container.proceed(with: record.stateDocument(.creating))
        }
    }

    private func takeTerminal(_ container: Container) throws(LifecycleError) -> FileDescriptor? {
        guard spec.process.terminal else { return nil }
        let terminal = try asLifecycle(container) { (container) throws(RuntimeError) in
            try container.receiveTerminal()
        }
        guard let path = options.consoleSocket else { return terminal }
        try asLifecycle { () throws(SystemError) in try FileDescriptor.connect(to: path).send(terminal) }
        return nil
    }

    private func ready(
        _ container: Container, _ stored: StoredContainer, _ record: ContainerRecord
    ) throws(LifecycleError) {
        try asLifecycle(container) { (container) throws(RuntimeError) in try container.waitUntil(.ready) }
        if let path = options.pidFile {
            try asLifecycle { () throws(SystemError) in
                try placeFile(path, with: "\(container.process.processID)".utf8, mode: 0o644)
            }
        }
        try asLifecycle(container) { (container) throws(RuntimeError) in
            try container.proceed(with: record.stateDocument(.created))
        }
    }
}

private func asLifecycle<Value: ~Copyable>(
    _ container: Container, _ body: (Container) throws(RuntimeError) -> Value
) throws(LifecycleError) -> Value {
    do {
        return try body(container)
    } catch {
        throw .runtime(error)
    }
}

extension ContainerRecord {
    /// Ends whatever is left of the container's processes and takes its cgroup away.
    func destroy() {
        process?.end()
        cgroup.kill()
        try? scope?.stop()
        cgroup.remove()
    }
}
