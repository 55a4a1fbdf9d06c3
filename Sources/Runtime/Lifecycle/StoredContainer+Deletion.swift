internal import Linux

extension StoredContainer {
    /// Takes away what is left of a stopped container, and runs the `poststop` hooks. A created one is ended first.
    ///
    /// - Parameters:
    ///   - force: whether one that runs is killed first.
    ///   - warn: told of a hook that failed, which changes nothing.
    public func delete(force: Bool, warn: (String) -> Void) throws(LifecycleError) {
        if force { interrupt() }
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        let record: ContainerRecord
        do {
            record = try self.record()
        } catch .missing {
            // One that never got as far as that has nothing but its directory.
            return try asLifecycle { () throws(SystemError) in try remove() }
        } catch .document(let path, let message) where force {
            warn("\(path): \(message); what ran in the container is looked for in its cgroup only")
            record = salvagedRecord()
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

    /// Ends the container under the hands of another program, which would otherwise keep it to itself for as long as a
    /// start takes: for ever, say, where it waits for a hook.
    private func interrupt() {
        guard (try? isLocked()) == true, let record = try? record() else { return }
        record.process?.end()
        record.cgroup.kill()
    }

    /// What is known of a container whose record is damaged: the cgroups that its configuration asked for.
    private func salvagedRecord() -> ContainerRecord {
        var places: [CgroupPlace] = []
        if let document = try? configuration(),
            let path = try? CgroupsPath.resolve(
                document.object("linux")?.text("cgroupsPath"), identifier: "\(name)"),
            let plan = try? CgroupPlan(
                path: path, resources: Resources(), layout: CgroupLayout.usable(), membership: .everywhere)
        {
            places = Cgroup(existing: plan).places
        }
        return ContainerRecord(
            name: name, process: nil, bundle: directory, rootfs: "", created: .now, owner: effectiveUserID,
            annotations: [], cgroup: Cgroup(existing: places))
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
