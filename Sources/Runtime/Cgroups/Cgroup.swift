internal import Linux

/// A cgroup that exists, in every hierarchy of its plan.
public struct Cgroup: Sendable {
    public let plan: CgroupPlan

    /// Where a version 1 child enters by itself: the `tasks` file of each hierarchy.
    ///
    /// A thread that writes `0` there moves only itself, which takes no global lock. The parent writing a pid to
    /// `cgroup.procs` waits for a grace period of the whole machine, 11 ms where this takes 0.3.
    public var taskFiles: [String] {
        plan.members.filter { $0.enabled == nil }.map { $0.directory + "/tasks" }
    }

    /// Where a version 2 child is cloned into.
    public var unifiedDirectory: String? {
        plan.members.first { $0.enabled != nil }?.directory
    }

    /// Makes the directories and sets the limits, before any process is inside. What fails is taken back; a cgroup that
    /// is in use already is somebody else's and an error.
    public init(creating plan: CgroupPlan) throws(CgroupError) {
        self.plan = plan
        var made: [String] = []
        do {
            for member in plan.members {
                try Self.makeDirectory(of: member)
                made.append(member.directory)
                for write in member.writes {
                    try writeControlFile("\(member.directory)/\(write.file)", write.value)
                }
            }
        } catch {
            for directory in made.reversed() { try? removeDirectory(directory) }
            guard error.errno == .fileExists else { throw .system(error) }
            throw .inUse(plan.members[0].path)
        }
    }

    /// Writes the limits of `resources`, which are on the same controllers, over those there are.
    public func update(_ resources: Resources, layout: CgroupLayout) throws(CgroupError) {
        let path = plan.members.first?.path ?? ""
        for member in try CgroupPlan(path: path, resources: resources, layout: layout, tracked: true).members {
            for write in member.writes {
                do {
                    try writeControlFile("\(member.directory)/\(write.file)", write.value)
                } catch {
                    throw .system(error)
                }
            }
        }
    }

    /// A cgroup that an earlier process made.
    public init(existing plan: CgroupPlan) {
        self.plan = plan
    }

    private static func makeDirectory(of member: CgroupPlan.Member) throws(SystemError) {
        if let controllers = member.enabled {
            try UnifiedHierarchy(mount: member.mount).prepare(parentOf: member.path, controllers: controllers)
        }
        do {
            try Linux.makeDirectory(member.directory)
        } catch  where error.errno == .fileExists {
            // One without processes is what somebody killed outright left behind; any other cannot be removed.
            try? removeDirectory(member.directory)
            try Linux.makeDirectory(member.directory)
        } catch  where error.errno == .noSuchFileOrDirectory {
            guard let parent = parentDirectory(of: member.directory) else { throw error }
            try makeDirectories(parent)
            try Linux.makeDirectory(member.directory)
        }
    }

    /// Kills every process inside, also one that forked away meanwhile.
    public func kill() {
        for member in plan.members {
            if member.enabled != nil, (try? writeControlFile(member.directory + "/cgroup.kill", "1")) != nil { return }
        }
        guard let member = plan.members.first else { return }
        // Version 1 has no such file: signal what is there until nothing is. What forks in between is seen next time.
        for _ in 0..<1000 {
            let text = (try? readText(member.directory + "/cgroup.procs")) ?? ""
            let processes = text.split(separator: "\n").compactMap { Int32($0) }.filter { $0 > 0 }
            if processes.isEmpty { return }
            for process in processes {
                try? ProcessHandle(opening: process).send(.kill)
            }
        }
    }

    /// The processes inside, as the calling process numbers them.
    public func processes() -> [Int32] {
        guard let member = plan.members.first, let text = try? readText(member.directory + "/cgroup.procs") else {
            return []
        }
        return text.split(separator: "\n").compactMap { Int32($0) }
    }

    /// Removes the directories. One that is still in use stays.
    public func remove() {
        for member in plan.members.reversed() { try? removeDirectory(member.directory) }
    }

    /// The number of processes and threads inside; nil where nothing counts them.
    public func currentPids() -> Int? {
        firstNumber(in: ["pids.current"])
    }

    /// How often the kernel killed a process inside because the memory limit was reached.
    public func outOfMemoryKills() -> Int {
        for member in plan.members {
            // Version 2 and version 1 keep the same line in different files.
            for file in ["memory.events", "memory.oom_control"] {
                guard let text = try? readText("\(member.directory)/\(file)") else { continue }
                for line in text.split(separator: "\n") where line.hasPrefix("oom_kill ") {
                    return Int(line.dropFirst("oom_kill ".count)) ?? 0
                }
            }
        }
        return 0
    }

    private func firstNumber(in files: [String]) -> Int? {
        for member in plan.members {
            for file in files {
                guard let text = try? readText("\(member.directory)/\(file)") else { continue }
                if let number = Int(text.prefix { $0.isNumber }) { return number }
            }
        }
        return nil
    }
}
