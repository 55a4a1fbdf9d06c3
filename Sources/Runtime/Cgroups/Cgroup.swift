public import Linux

/// A cgroup that exists, in every hierarchy that it has a place in.
public struct Cgroup: Hashable, Sendable {
    /// Version 1 first, the unified hierarchy last. Saved as mounts and paths, they make the cgroup again.
    public let places: [CgroupPlace]

    /// A cgroup that an earlier process made.
    public init(existing places: [CgroupPlace]) {
        self.places = places
    }

    /// A cgroup as it will be, or was, made of `plan`.
    public init(existing plan: CgroupPlan) {
        places = plan.members.map(\.place)
    }

    /// Where a version 1 child enters by itself: the `tasks` file of each hierarchy.
    ///
    /// A thread that writes `0` there moves only itself, which takes no global lock. The parent writing a pid to
    /// `cgroup.procs` waits for a grace period of the whole machine, 11 ms where this takes 0.3.
    public var taskFiles: [String] {
        places.filter { !$0.isUnified }.map { $0.directory + "/tasks" }
    }

    /// Where a version 2 child is cloned into.
    public var unifiedDirectory: String? { unified?.directory }

    public var directories: [String] { places.map(\.directory) }

    var unified: CgroupPlace? { places.last { $0.isUnified } }

    /// The version 1 place with a file, which says that its controller is there.
    func version1(with file: String) -> CgroupPlace? {
        places.first { !$0.isUnified && (try? FileStatus.of("\($0.directory)/\(file)")) != nil }
    }

    /// The content of a control file of version 1, in whichever hierarchy has it.
    func version1(_ file: String) -> String? {
        for place in places where !place.isUnified {
            if let text = place.text(file) { return text }
        }
        return nil
    }

    /// The content of a control file of version 2.
    func version2(_ file: String) -> String? { unified?.text(file) }
}

extension Cgroup {
    /// The number of processes and threads inside; nil where nothing counts them.
    public func currentPids() -> Int? {
        (version1("pids.current") ?? version2("pids.current")).flatMap { Int($0.prefix { $0.isNumber }) }
    }

    /// How often the kernel killed a process inside because the memory limit was reached.
    public func outOfMemoryKills() -> Int {
        // Both versions keep the same line, in different files.
        FlatKeyed(version1("memory.oom_control") ?? version2("memory.events"))["oom_kill"].map { Int(clamping: $0) }
            ?? 0
    }

    /// The most memory that was used at a time; nil where nothing counts it.
    public func peakMemory() -> ByteCount? {
        (version1("memory.max_usage_in_bytes") ?? version2("memory.peak"))
            .flatMap { Int64($0.prefix { $0.isNumber }) }.map { ByteCount(bytes: $0) }
    }

    /// How often a process could not be made because the limit on processes was reached.
    public func pidsLimitHits() -> Int {
        FlatKeyed(version1("pids.events") ?? version2("pids.events"))["max"].map { Int(clamping: $0) } ?? 0
    }
}
