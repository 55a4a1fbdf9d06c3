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
        let file = directory + "/cgroup.subtree_control"
        let enabled = try readText(file).split { $0 == " " || $0 == "\n" }.map(String.init)
        let missing = controllers.filter { !enabled.contains($0.unifiedName) }
        if !missing.isEmpty { try request(missing, in: directory) }
        // One by one: one that cannot be enabled, as cpu beside real-time processes, must not keep the others out.
        for controller in welcome where !enabled.contains(controller.unifiedName) && !missing.contains(controller) {
            try? request([controller], in: directory)
        }
    }

    private func request(_ controllers: [CgroupController], in directory: String) throws(SystemError) {
        let file = directory + "/cgroup.subtree_control"
        let request = controllers.map { "+\($0.unifiedName)" }.joined(separator: " ")
        do {
            try writeControlFile(file, request)
        } catch  where error.errno == .busy && directory == mount {
            // In a container the root of the hierarchy is an ordinary cgroup, and we are in it.
            try moveProcesses(from: directory, to: directory + "/gocker-init")
            try writeControlFile(file, request)
        }
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
