internal import Linux

/// Starts containers: clones, lets the child execute this binary again as its init stage, and sends it the program.
public enum Launcher {
    /// Begins to start `program`.
    ///
    /// - Parameters:
    ///   - cgroup: limits the container from its first instruction on.
    ///   - inheritance: the descriptors it begins with.
    ///   - mappings: of its user namespace, where the program makes one.
    ///   - surround: makes the cgroup around the process of that number, where the program waits for one.
    /// - Throws: `RuntimeError.setup` where not even the init stage runs. Everything later is reported by
    ///   `Container.waitUntilRunning`.
    public static func start(
        _ program: InitProgram, cgroup: Cgroup?, inheritance: Inheritance = Inheritance(),
        mappings: IdentityMappings = IdentityMappings(),
        surround: ((Int32) throws(CgroupError) -> Void)? = nil
    ) throws(RuntimeError) -> Container {
        let container: Container
        do {
            container = try launch(program, cgroup, inheritance)
        } catch {
            throw .setup(error)
        }
        guard program.isStaged else { return container }
        do {
            if let surround { try container.enterCgroup(surround) }
            return try container.enterNamespaces(program, mappings)
        } catch {
            try? container.process.send(.kill)
            _ = try? container.process.wait()
            throw error
        }
    }

    /// Begins to start `program`, which waits for nobody on the way but may go on as another process, and returns
    /// without waiting for that either.
    ///
    /// - Throws: as `start`.
    static func begin(
        _ program: InitProgram, cgroup: Cgroup?, inheritance: Inheritance
    ) throws(RuntimeError) -> StartingProcess {
        do {
            let first = try launch(program, cgroup, inheritance)
            try first.control.setNonBlocking(true)
            return StartingProcess(first, forks: program.operations.contains(.fork))
        } catch {
            throw .setup(error)
        }
    }

    private static func launch(
        _ program: InitProgram, _ cgroup: Cgroup?, _ inheritance: Inheritance
    ) throws(SystemError) -> Container {
        let executable = try OwnExecutable.open()
        let sockets = try SocketPair()
        let descriptors = inheritance.descriptors(control: sockets.second.number)
        let arguments = InitStage.arguments(preserving: inheritance.preserved)
        let wire = program.wire
        // What has room in the socket is there before the child looks for it: neither is woken for the other.
        try sockets.first.setNonBlocking(true)
        let sent = try sockets.first.write(wire)
        try sockets.first.setNonBlocking(false)
        let process: ProcessHandle
        if let directory = cgroup?.unifiedDirectory {
            let cgroup = try FileDescriptor.open(directory, [.path, .directory])
            process = try spawn(
                executable: executable, arguments: arguments, namespaces: program.clonedNamespaces,
                cgroup: cgroup.number, descriptors: descriptors)
        } else {
            process = try spawn(
                executable: executable, arguments: arguments, namespaces: program.clonedNamespaces,
                descriptors: descriptors)
        }
        let control = sockets.keepingFirst()
        do {
            try control.sendAll(Array(wire.dropFirst(sent)))
        } catch  where error.errno == .brokenPipe {
            // It has ended already, which whoever waits for it is told.
        }
        return Container(process: process, control: control, cgroup: cgroup, program: program)
    }
}

extension InitProgram {
    fileprivate var isStaged: Bool {
        operations.contains { $0 == .fork || $0 == .synchronize(.mappings) || $0 == .synchronize(.cgroup) }
    }
}

extension Container {
    fileprivate func enterCgroup(
        _ surround: (Int32) throws(CgroupError) -> Void
    ) throws(RuntimeError) {
        try waitUntil(.cgroup)
        do {
            try surround(process.processID)
        } catch {
            throw .cgroup(error)
        }
        try proceed(with: [])
    }

    /// Sees the init stage through the steps at which it needs its parent or becomes another process.
    fileprivate func enterNamespaces(
        _ program: InitProgram, _ mappings: IdentityMappings
    ) throws(RuntimeError) -> Container {
        if program.operations.contains(.synchronize(.mappings)) {
            try waitUntil(.mappings)
            do {
                try mappings.write(for: process.processID)
            } catch {
                throw .setup(error)
            }
            try proceed(with: [])
        }
        guard program.operations.contains(.fork), let successor = try receiveSuccessor() else { return self }
        do {
            _ = try process.wait()
        } catch {
            throw .setup(error)
        }
        return successor
    }
}
