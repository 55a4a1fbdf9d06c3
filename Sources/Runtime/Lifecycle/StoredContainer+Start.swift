internal import JSON
internal import Linux

extension StoredContainer {
    /// Lets a created container execute its process, waits until it does, and runs the `poststart` hooks.
    ///
    /// - Throws: `LifecycleError`, also where the process could not be executed or a hook failed: the container has been
    ///   stopped then.
    public func start() throws(LifecycleError) {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        let record = try record()
        let status = status(record)
        guard status == .created else { throw .notCreated(name, status) }
        let report: [UInt8]
        do {
            // For both ways: nobody at the other end any more is not to end this process, too.
            let start = try FileDescriptor.open(startPath, [.readWrite, .noFollow])
            let reports = try FileDescriptor.open(reportPath, [.nonBlocking, .noFollow])
            try reports.setNonBlocking(false)
            try start.writeAll([0])
            report = try reports.readAll()
            // Nobody reads from the first any more, which is what tells a created container from one that runs.
            try? removeFile(startPath)
            try? removeFile(reportPath)
        } catch {
            throw .system(error)
        }
        guard report.first == ControlMessage.executionMark else {
            let isOutOfMemory = record.cgroup.outOfMemoryKills() > 0
            throw .runtime(report.isEmpty ? .ended(nil, outOfMemory: isOutOfMemory) : Self.failure(report))
        }
        if report.count > 1 { throw .runtime(Self.failure(Array(report.dropFirst()))) }
        let hooks = try Hooks(of: configuration())
        do {
            try hooks.poststart.run(record, .running)
        } catch {
            record.process?.end()
            throw error
        }
    }

    private static func failure(_ report: [UInt8]) -> RuntimeError {
        do {
            let error = try InitFailure(wire: report).error
            return error.call == "exec" ? .execution(error) : .setup(error)
        } catch {
            return .setup(error)
        }
    }
}

extension ProcessIdentity {
    /// Kills the process where it still runs.
    func end() {
        try? open()?.send(.kill)
    }
}

extension Hooks {
    /// Those of a container's document.
    init(of document: SpecObject) throws(LifecycleError) {
        do {
            self = try document.object("hooks").map { (hooks) throws(SpecError) in try Hooks(hooks) } ?? Hooks()
        } catch {
            throw .document(path: "config.json", "\(error)")
        }
    }
}
