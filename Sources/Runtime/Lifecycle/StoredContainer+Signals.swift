public import Linux

extension StoredContainer {
    /// Sends a signal to the container's first process, or to all of them.
    public func kill(_ signal: Signal, all: Bool) throws(LifecycleError) {
        let record = try record()
        let status = status(record)
        guard status == .created || status == .running || status == .paused, let process = record.process?.open() else {
            // All may be more than the first.
            if all, status == .stopped { return record.cgroup.signalAll(signal) }
            throw .notRunning(name, status)
        }
        // Without a PID namespace of its own the others outlive the first.
        let isAlone = try namespaces().contains(.process)
        if all || (signal == .kill && !isAlone) { record.cgroup.signalAll(signal) }
        try asLifecycle { () throws(SystemError) in try process.send(signal) }
        // What is frozen cannot die.
        if signal == .kill, status == .paused { record.cgroup.thaw() }
    }

    /// The namespaces that are not those of whoever made the container.
    func namespaces() throws(LifecycleError) -> Namespaces {
        var namespaces: Namespaces = []
        do {
            guard let linux = try configuration().object("linux") else { return [] }
            for namespace in try linux.list("namespaces") {
                if let kind = Namespaces(name: try namespace.requiredText("type")) { namespaces.insert(kind) }
            }
        } catch let error as LifecycleError {
            throw error
        } catch {
            throw .document(path: "config.json", "\(error)")
        }
        return namespaces
    }

    /// Stops all processes of the container from running on, until `resume`.
    public func pause() throws(LifecycleError) {
        let record = try record()
        let status = status(record)
        guard status == .running || status == .created else { throw .notRunning(name, status) }
        do {
            try record.cgroup.freeze()
        } catch {
            throw .cgroup(error)
        }
    }

    public func resume() throws(LifecycleError) {
        let record = try record()
        let status = status(record)
        guard record.cgroup.isFrozen else { throw .notPaused(name, status) }
        record.cgroup.thaw()
    }
}
