internal import Linux

extension Cgroup {
    /// How long it may take until every process has stopped: one that waits for a disk cannot be stopped at once.
    private static let patience = Duration.seconds(2)

    private var freezer: CgroupPlace? { version1(with: "freezer.state") }

    /// Stops every process inside, and returns when all have.
    ///
    /// See cgroup.freeze in the kernel's documentation of cgroup-v2, and freezer-subsystem in that of cgroup-v1.
    ///
    /// - Throws: `CgroupError.notFrozen` where they have not in time, and run again; `.missingController` where nothing
    ///   can stop them.
    public func freeze() throws(CgroupError) {
        guard freezer != nil || unified != nil else { throw .missingController(.freezer) }
        let deadline = MonotonicTime.now + Self.patience
        var wait = Duration.microseconds(100)
        do throws(SystemError) {
            if let unified, freezer == nil { try writeControlFile(unified.directory + "/cgroup.freeze", "1") }
            while true {
                // Version 1 gives up on a process that forks while it is asked: it must be told again.
                if let freezer { try writeControlFile(freezer.directory + "/freezer.state", "FROZEN") }
                if isWhollyFrozen { return }
                guard MonotonicTime.now < deadline else { break }
                Self.pause(wait)
                wait = min(wait * 2, .milliseconds(10))
            }
        } catch {
            thaw()
            throw .system(error)
        }
        thaw()
        throw .notFrozen(places.first?.path ?? "")
    }

    /// Lets the processes go on. A frozen cgroup above this one keeps them where they are.
    public func thaw() {
        thawVersion1()
        if let unified { try? writeControlFile(unified.directory + "/cgroup.freeze", "0") }
    }

    func thawVersion1() {
        guard let freezer else { return }
        try? writeControlFile(freezer.directory + "/freezer.state", "THAWED")
    }

    /// Whether a process in here does not run, or would not: this cgroup is frozen or being frozen, or one above it.
    public var isFrozen: Bool {
        if let freezer, freezer.text("freezer.state")?.hasPrefix("THAWED") == false { return true }
        guard let unified else { return false }
        return unified.text("cgroup.freeze")?.hasPrefix("1") == true
            || FlatKeyed(unified.text("cgroup.events"))["frozen"] == 1
    }

    private var isWhollyFrozen: Bool {
        if let freezer { return freezer.text("freezer.state")?.hasPrefix("FROZEN") == true }
        return FlatKeyed(version2("cgroup.events"))["frozen"] == 1
    }
}
