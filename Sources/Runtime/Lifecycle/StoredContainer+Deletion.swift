internal import Linux

extension StoredContainer {
    /// Takes away what is left of a stopped container, and runs the `poststop` hooks. A created one is ended first.
    ///
    /// - Parameters:
    ///   - force: whether one that runs is killed first.
    ///   - warn: told of a hook that failed, which changes nothing.
    public func delete(force: Bool, warn: (String) -> Void) throws(LifecycleError) {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        guard let record = try? record() else {
            // One that never got as far as that has nothing but its directory.
            return try asLifecycle { () throws(SystemError) in try remove() }
        }
        let status = status(record)
        guard force || status == .stopped || status == .created || status == .creating else {
            throw .notStopped(name, status)
        }
        let hooks = (try? Hooks(of: configuration())) ?? Hooks()
        try end(record)
        do {
            try record.scope?.stop()
        } catch {
            // What it would have taken away is taken away next; only its name is not free yet.
            warn("\(error)")
        }
        guard record.cgroup.remove() else {
            throw .system(SystemError("remove", "the cgroups of \(name)", .busy))
        }
        try asLifecycle { () throws(SystemError) in try remove() }
        hooks.poststop.runAll(record, .stopped, warn: warn)
    }

    private func end(_ record: ContainerRecord) throws(LifecycleError) {
        guard let process = record.process?.open() else { return record.cgroup.kill() }
        try asLifecycle { () throws(SystemError) in
            try process.send(.kill)
            record.cgroup.kill()
            let poller = try Poller()
            try poller.add(process.descriptor, token: 0)
            let events = try poller.wait(timeout: .seconds(10))
            if events.isEmpty { throw SystemError("end", "process \(process.processID)", .timedOut) }
        }
    }
}
