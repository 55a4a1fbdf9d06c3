extension StoredContainer {
    /// Changes limits of a container that runs. What `resources` says nothing of stays.
    public func update(_ resources: Resources) throws(LifecycleError) {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        let record = try record()
        let status = status(record)
        guard status != .stopped else { throw .notRunning(name, status) }
        do {
            try record.cgroup.update(resources, layout: CgroupLayout.detect(), scope: record.scope)
        } catch {
            throw .cgroup(error)
        }
    }
}
