public import Linux

/// One more process for a container that runs: what `gocker exec` and the commands in a stack's services have in common.
public struct JoiningProcess: Sendable {
    public var process: ProcessSpec
    /// The container's root file system as the host sees it: the user's home directory is looked up there.
    public var root: RootSpec
    /// Those of the container that are not the caller's.
    public var namespaces: Namespaces
    /// Which system calls it may make; nil for all.
    public var seccomp: SeccompSpec?
    /// What it is in.
    public var cgroup: Cgroup

    public init(
        _ process: ProcessSpec, root: RootSpec, namespaces: Namespaces, seccomp: SeccompSpec?, cgroup: Cgroup
    ) {
        self.process = process
        self.root = root
        self.namespaces = namespaces
        self.seccomp = seccomp
        self.cgroup = cgroup
    }

    /// Begins to start it, and waits until it is in all namespaces.
    ///
    /// - Parameters:
    ///   - first: the container's first process.
    ///   - scope: who has to move it into its cgroup where the caller may not.
    ///   - warn: told what it could not be given.
    func start(
        beside first: borrowing ProcessHandle, runBase: String, inheritance: Inheritance, context: InitProgram.Context,
        movedBy scope: SystemdScope?, warn: (String) -> Void
    ) throws(RuntimeError) -> Container {
        var inheritance = inheritance
        var context = context
        context.awaitsCgroup = scope != nil
        let program = try program(first, runBase, &inheritance, context, warn)
        guard let scope else { return try Launcher.start(program, cgroup: cgroup, inheritance: inheritance) }
        return try Launcher.start(program, cgroup: nil, inheritance: inheritance) { (process) throws(CgroupError) in
            try scope.add(process)
        }
    }

    /// Starts it and waits until it runs. Its streams are the caller's, unless it has a terminal, which is for the caller.
    ///
    /// - Parameters:
    ///   - first: the container's first process.
    ///   - runBase: where compiled system call filters are kept.
    ///   - terminalSize: of its terminal, where it gets one.
    /// - Throws: `RuntimeError`. It has ended and been reaped then.
    public func start(
        beside first: borrowing ProcessHandle, runBase: String, terminalSize: TerminalSize?
    ) throws(RuntimeError) -> StartedExecution {
        var context = InitProgram.Context()
        context.terminalSize = terminalSize
        let container = try start(
            beside: first, runBase: runBase, inheritance: Inheritance(), context: context, movedBy: nil
        ) { _ in }
        do {
            let terminal = process.terminal ? try container.receiveTerminal() : nil
            try container.waitUntilRunning()
            return StartedExecution(container: container, terminal: terminal)
        } catch {
            try? container.process.send(.kill)
            _ = try? container.process.wait()
            throw error
        }
    }

    /// Begins to start it, and returns without waiting.
    ///
    /// - Parameters:
    ///   - first: the container's first process.
    ///   - runBase: where compiled system call filters are kept.
    ///   - streams: become its 0, 1 and 2.
    /// - Throws: `RuntimeError.cgroup` where the container is paused: whatever is started in it hangs.
    public func begin(
        beside first: borrowing ProcessHandle, runBase: String, streams: [CInt]
    ) throws(RuntimeError) -> StartingProcess {
        if cgroup.isFrozen { throw .cgroup(.frozen(cgroup.places.first?.path ?? "")) }
        var inheritance = Inheritance(streams: streams)
        var context = InitProgram.Context()
        // Without a cgroup it could not be found again.
        context.diesWithParent = cgroup.places.isEmpty
        let program = try program(first, runBase, &inheritance, context) { _ in }
        return try Launcher.begin(program, cgroup: cgroup, inheritance: inheritance)
    }

    private func program(
        _ first: borrowing ProcessHandle, _ runBase: String, _ inheritance: inout Inheritance,
        _ context: InitProgram.Context, _ warn: (String) -> Void
    ) throws(RuntimeError) -> InitProgram {
        let filter = try SeccompCache(runBase: runBase).filter(for: seccomp)
        var context = context
        context.taskFiles = cgroup.taskFiles
        let completed = process.completed(root: root, isPrivileged: !namespaces.contains(.user), warn: warn)
        return InitProgram(
            completed, joining: inheritance.add(first.descriptor.number), namespaces: namespaces, filter: filter,
            context: context)
    }
}
