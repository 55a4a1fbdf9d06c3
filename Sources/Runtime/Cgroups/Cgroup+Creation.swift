internal import Linux

extension Cgroup {
    /// Makes the directories and sets the limits, before any process is inside. What fails is taken back; a cgroup that
    /// is in use already is somebody else's and an error.
    ///
    /// A container that is a member everywhere may find its cgroup made, by an engine say. One that is frozen, itself or
    /// by a parent, is refused: what is started in it hangs.
    public init(creating plan: CgroupPlan) throws(CgroupError) {
        var made: [String] = []
        do throws(CgroupError) {
            for member in plan.members {
                if try Self.makeDirectory(of: member, in: plan) { made.append(member.directory) }
                // What is above others is not ours.
                if plan.membership == .tracked, !member.place.isUnified {
                    RealtimeInheritance.complete(member.directory, mount: member.place.mount, for: member.writes)
                }
                try member.place.apply(member.writes)
                if !member.devices.isEmpty { try DeviceFilter.apply(member.devices, in: member.directory) }
            }
            self.init(existing: plan)
            if plan.membership == .everywhere, isFrozen { throw .frozen(plan.path) }
        } catch {
            for directory in made.reversed() { try? removeDirectory(directory) }
            throw error
        }
    }

    /// Sets the limits of one that somebody else has made, with its first process, as it is planned.
    static func limit(_ plan: CgroupPlan) throws(CgroupError) {
        for member in plan.members {
            try member.place.apply(member.writes)
            // An ordinary user may load no such program, nor needs one: its containers can make no nodes, and open no
            // others than it can itself.
            guard !member.devices.isEmpty, effectiveUserID == 0 else { continue }
            try DeviceFilter.apply(member.devices, in: member.directory)
        }
    }

    /// - Returns: whether there was none.
    private static func makeDirectory(
        of member: CgroupPlan.Member, in plan: CgroupPlan
    ) throws(CgroupError) -> Bool {
        do throws(SystemError) {
            if member.place.isUnified {
                try UnifiedHierarchy(mount: member.place.mount).prepare(
                    parentOf: member.place.path, controllers: member.controllers, welcome: member.welcome)
            }
            let isNew = try makeDirectory(at: member.place, isKept: plan.membership == .everywhere)
            if !member.place.isUnified, member.controllers.contains(.cpuset) {
                try CpusetInheritance.complete(member.directory, mount: member.place.mount)
            }
            return isNew
        } catch  where error.errno == .fileExists {
            throw .inUse(member.place.path)
        } catch {
            throw .system(error)
        }
    }

    /// - Parameter isKept: whether one that nothing ever ran in is used as it is.
    /// - Throws: `.fileExists` where there is one with processes.
    private static func makeDirectory(at place: CgroupPlace, isKept: Bool) throws(SystemError) -> Bool {
        let directory = place.directory
        do {
            try Linux.makeDirectory(directory)
            return true
        } catch  where error.errno == .noSuchFileOrDirectory {
            guard let parent = parentDirectory(of: directory) else { throw error }
            try makeDirectories(parent)
            try Linux.makeDirectory(directory)
            return true
        } catch  where error.errno == .fileExists {
            if isKept {
                guard Cgroup(existing: [place]).processes().isEmpty else { throw error }
                if !place.mayHaveBeenKilled { return false }
            }
            // One without processes is what somebody killed outright left behind; any other cannot be removed.
            do {
                try removeDirectory(directory)
            } catch  where isKept && error.errno == .busy {
                return false
            } catch {
                throw SystemError("mkdir", directory, .fileExists)
            }
            try Linux.makeDirectory(directory)
            return true
        }
    }
}

extension CgroupPlace {
    /// Whether `cgroup.kill` may have been used here: until Linux 7.3 whatever is cloned into such a cgroup is killed at
    /// once, and a new directory in its place heals it. Nobody was killed where nobody ever ran.
    fileprivate var mayHaveBeenKilled: Bool {
        isUnified && FlatKeyed(text("cpu.stat"))["usage_usec"] != 0
    }
}

extension DeviceFilter {
    static func apply(_ rules: [DeviceRule], in directory: String) throws(CgroupError) {
        do {
            try install(rules, in: directory)
        } catch {
            throw .system(error)
        }
    }
}
