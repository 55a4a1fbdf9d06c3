public import Linux

extension Cgroup {
    /// The processes inside, and in the cgroups that they made below it, as the calling process numbers them.
    public func processes() -> [Int32] {
        guard let place = places.first else { return [] }
        var processes: [Int32] = []
        Self.collect(place.directory, &processes)
        return processes
    }

    /// Whether there is a process inside, in any hierarchy.
    var isInUse: Bool { places.contains { !Cgroup(existing: [$0]).processes().isEmpty } }

    private static func collect(_ directory: String, _ processes: inout [Int32]) {
        // A cgroup of threads only has no list; the processes are on that of the one above it.
        for line in ((try? readText(directory + "/cgroup.procs")) ?? "").split(separator: "\n") {
            // Processes outside of our PID namespace are all 0, and not ours to reach.
            if let process = Int32(line), process > 0 { processes.append(process) }
        }
        for child in childCgroups(of: directory) { collect(child, &processes) }
    }

    static func childCgroups(of directory: String) -> [String] {
        guard let names = try? directoryEntries(directory) else { return [] }
        // A control file has a dot in its name, or is one of three; a directory may have any name.
        return names.map { "\(directory)/\($0)" }.filter { (try? FileStatus.ofLink($0))?.kind == .directory }
    }

    /// Sends a signal to every process inside. One that is frozen gets it when it is thawed.
    public func signalAll(_ signal: Signal) {
        for process in processes() {
            // Held before it is asked again whether it is one of ours: its number may have been given away meanwhile.
            guard let handle = try? ProcessHandle(opening: process), contains(process) else { continue }
            try? handle.send(signal)
        }
    }

    /// Whether a process is inside, by its own account. See cgroups(7), "/proc/[pid]/cgroup".
    private func contains(_ process: Int32) -> Bool {
        guard let place = places.first else { return false }
        guard let text = try? readText("/proc/\(process)/cgroup") else { return false }
        // Where `/proc` shows less than our path, in a cgroup namespace of another root, the end of it must do.
        return text.split(separator: "\n").contains { line in
            line.hasSuffix("/" + place.path) || line.contains("/\(place.path)/")
        }
    }

    /// Kills every process inside, also one that forks away meanwhile. A frozen cgroup is thawed: the dead must leave.
    public func kill() {
        defer { thawVersion1() }
        if let unified, (try? writeControlFile(unified.directory + "/cgroup.kill", "1")) != nil { return }
        killOneByOne()
    }

    /// The same where nothing kills all at once: in version 1 and, until Linux 5.14, in version 2.
    func killOneByOne() {
        // What is stopped cannot fork, so that one round is enough; where that fails, rounds until nobody is left.
        let isStopped = (try? freeze()) != nil
        signalAll(.kill)
        if isStopped { return thaw() }
        for _ in 0..<1000 where !processes().isEmpty { signalAll(.kill) }
    }

    /// Removes the directories, with those that the processes made below them. One that is still in use stays.
    ///
    /// - Parameter patience: how long to wait for processes that were killed. They leave their cgroup when they are really
    ///   gone, which takes some milliseconds, or more on a busy machine.
    /// - Returns: whether all are gone.
    @discardableResult
    public func remove(within patience: Duration = .milliseconds(500)) -> Bool {
        var isGone = true
        let deadline = MonotonicTime.now + patience
        for place in places.reversed() { isGone = Self.remove(place.directory, until: deadline) && isGone }
        return isGone
    }

    private static func remove(_ directory: String, until deadline: MonotonicTime) -> Bool {
        var wait = Duration.milliseconds(1)
        while true {
            do {
                try removeDirectory(directory)
                return true
            } catch {
                guard error.errno == .busy else { return error.errno == .noSuchFileOrDirectory }
            }
            for child in childCgroups(of: directory) where !remove(child, until: deadline) { return false }
            guard .now < deadline else { return (try? removeDirectory(directory)) != nil }
            pause(wait)
            wait = min(wait * 2, .milliseconds(50))
        }
    }

    static func pause(_ duration: Duration) {
        _ = try? Poller().wait(timeout: duration)
    }
}
