public import Linux

/// A cgroup below a container's, for a process that joins it: so that it can be ended with all that it has started,
/// whatever that did to get away from it, while the container goes on.
///
/// It is in one hierarchy only and has no controllers, so that the container's limits are its own: in that of version 2
/// where there is one, whose rule against processes beside cgroups holds only for cgroups that pass controllers on. See
/// cgroups(7), "no internal processes".
public struct CgroupLeaf: Hashable, Sendable {
    /// The container's cgroup with the leaf in its place, to start the process in.
    public let entry: Cgroup
    private let leaf: Cgroup

    /// Who the process is for, which is the begin of its name.
    public enum Purpose: String, Sendable {
        /// Somebody who wants a command run.
        case command = "exec."
        /// The supervisor of the container, and nobody else.
        case supervision = "check."
    }

    /// Makes one below `parent`, with a name that no other has.
    ///
    /// - Throws: `SystemError`, `.noSuchFileOrDirectory` also where the container's cgroup is gone.
    public init(below parent: Cgroup, for purpose: Purpose = .command) throws(SystemError) {
        guard let place = parent.unified ?? parent.version1(with: "pids.current") ?? parent.places.first else {
            entry = parent
            leaf = parent
            return
        }
        for number in 1...Int.max {
            let child = CgroupPlace(
                mount: place.mount, path: "\(place.path)/\(purpose.rawValue)\(ownProcessID)-\(number)",
                isUnified: place.isUnified)
            do {
                try makeDirectory(child.directory)
            } catch  where error.errno == .fileExists {
                continue
            }
            entry = Cgroup(existing: parent.places.map { $0 == place ? child : $0 })
            leaf = Cgroup(existing: [child])
            return
        }
        throw SystemError("mkdir", place.directory, .fileExists)
    }

    /// The processes inside, as the calling process numbers them.
    public func processes() -> [Int32] { leaf.processes() }

    /// Kills every process inside, also one that forks away meanwhile.
    public func kill() { leaf.kill() }

    /// Removes it where nothing runs in it any more. What was killed takes a moment to be gone.
    ///
    /// - Returns: whether it is gone.
    @discardableResult
    public func removeIfEmpty() -> Bool {
        var isGone = true
        for place in leaf.places {
            do {
                try removeDirectory(place.directory)
            } catch {
                isGone = isGone && error.errno == .noSuchFileOrDirectory
            }
        }
        return isGone
    }

    /// Removes it, and waits for what was killed to be gone.
    public func remove() { leaf.remove() }
}

extension CgroupLeaf {
    /// Removes those below `parent` that nothing runs in and whose maker is gone. For commands that make one and end
    /// before it is empty.
    public static func removeAbandoned(below parent: Cgroup) {
        let prefix = Purpose.command.rawValue
        for place in parent.places {
            for name in (try? directoryEntries(place.directory)) ?? [] where name.hasPrefix(prefix) {
                let maker = name.dropFirst(prefix.count).prefix { $0 != "-" }
                // While it lives it may be about to start something there.
                guard (try? FileStatus.of("/proc/\(maker)")) == nil else { continue }
                try? removeDirectory("\(place.directory)/\(name)")
            }
        }
    }

    /// Ends what a supervisor that is no more has left running below `parent` for itself.
    public static func endSupervision(below parent: Cgroup) {
        let prefix = Purpose.supervision.rawValue
        for place in parent.places {
            for name in (try? directoryEntries(place.directory)) ?? [] where name.hasPrefix(prefix) {
                let leaf = CgroupPlace(mount: place.mount, path: "\(place.path)/\(name)", isUnified: place.isUnified)
                Cgroup(existing: [leaf]).kill()
                // Where it takes a moment to be gone it goes with the container's.
                try? removeDirectory(leaf.directory)
            }
        }
    }
}
