internal import Linux

/// The version 2 hierarchy's own rules: controllers are passed down level by level, and only by cgroups without
/// processes of their own. See cgroups(7), "no internal processes".
struct UnifiedHierarchy {
    let mount: String

    /// Makes the parent of `path` and enables `controllers` in every level down to it, and those of `welcome` that can be.
    func prepare(
        parentOf path: String, controllers: [CgroupController], welcome: [CgroupController] = []
    ) throws(SystemError) {
        var directory = mount
        for component in path.split(separator: "/").dropLast() {
            try enable(controllers, welcome, in: directory)
            directory += "/\(component)"
            do {
                try makeDirectory(directory)
            } catch  where error.errno == .fileExists {
                continue
            }
        }
        try enable(controllers, welcome, in: directory)
    }

    private func enable(
        _ controllers: [CgroupController], _ welcome: [CgroupController], in directory: String
    ) throws(SystemError) {
        guard !controllers.isEmpty || !welcome.isEmpty else { return }
        let enabled = try readText(directory + "/cgroup.subtree_control").split { $0 == " " || $0 == "\n" }
        func isMissing(_ controller: CgroupController) -> Bool { !enabled.contains { $0 == controller.unifiedName } }

        let missing = controllers.filter(isMissing)
        if !missing.isEmpty {
            if holdsProcesses(directory) {
                // In a container the root of the hierarchy is an ordinary cgroup, and we are in it. Others are not ours.
                guard directory == mount else {
                    throw SystemError("enable controllers in", directory + "/cgroup.subtree_control", .busy)
                }
                try moveProcesses(from: directory, to: directory + "/gocker-init")
            }
            try request(missing, in: directory)
        }
        let alsoMissing = welcome.filter { isMissing($0) && !missing.contains($0) }
        if alsoMissing.isEmpty || holdsProcesses(directory) { return }
        // One by one: one that cannot be enabled, as cpu beside real-time processes, must not keep the others out.
        for controller in alsoMissing { try? request([controller], in: directory) }
    }

    /// Whether enabling a controller would do harm. With some the kernel says EBUSY; with those that can tell threads
    /// apart, cpu and pids among them, it says nothing, and no process can enter the cgroups below any more. See cgroups(7),
    /// "Thread mode". The root, which has no type, is exempt.
    private func holdsProcesses(_ directory: String) -> Bool {
        guard (try? FileStatus.of(directory + "/cgroup.type")) != nil else { return false }
        return ((try? readText(directory + "/cgroup.procs")) ?? "").contains { $0 != "\n" }
    }

    private func request(_ controllers: [CgroupController], in directory: String) throws(SystemError) {
        let request = controllers.map { "+\($0.unifiedName)" }.joined(separator: " ")
        try writeControlFile(directory + "/cgroup.subtree_control", request)
    }

    /// Moves what runs in `source` aside, to a leaf of its own.
    private func moveProcesses(from source: String, to leaf: String) throws(SystemError) {
        try makeDirectories(leaf)
        // What forks while we move is found on the next pass.
        for _ in 0..<100 {
            let processes = (try readText(source + "/cgroup.procs")).split(separator: "\n")
            if processes.isEmpty { return }
            for process in processes {
                do {
                    try writeControlFile(leaf + "/cgroup.procs", String(process))
                } catch  where error.errno == .noSuchProcess {
                    continue
                }
            }
        }
    }
}
