internal import Linux
internal import Runtime

/// What is left of a stack whose supervisor has died: its cgroups tell, whatever else is lost.
struct Leftovers {
    private let directories: [String]

    init(of project: ProjectName, layout: CgroupLayout) {
        let mounts = layout.hierarchies.map(\.path) + [layout.unified?.path].compactMap { $0 }
        directories = mounts.map { "\($0)/gocker-\(project)" }.filter { (try? FileStatus.of($0)) != nil }
    }

    /// Kills every process that is left and removes the cgroups.
    ///
    /// - Returns: the names of the instances that were still running.
    func remove() -> [String] {
        var running: [String] = []
        for directory in directories {
            for name in childCgroups(of: directory) {
                let cgroup = "\(directory)/\(name)"
                if !processes(in: cgroup).isEmpty {
                    running.append(String(name.split(separator: ".").dropLast().joined(separator: ".")))
                }
                end(cgroup)
            }
            try? removeDirectory(directory)
        }
        return Array(Set(running)).sorted()
    }

    private func childCgroups(of directory: String) -> [String] {
        let names = (try? directoryEntries(directory)) ?? []
        return names.filter { (try? FileStatus.ofLink("\(directory)/\($0)"))?.kind == .directory }
    }

    private func processes(in cgroup: String) -> [Int32] {
        ((try? readText(cgroup + "/cgroup.procs")) ?? "").split(separator: "\n").compactMap { Int32($0) }
    }

    /// A killed process leaves its cgroup only when it is really gone: this takes a few tries.
    private func end(_ cgroup: String) {
        guard let poller = try? Poller() else { return }
        for _ in 0..<500 {
            if (try? writeControlFile(cgroup + "/cgroup.kill", "1")) == nil {
                for process in processes(in: cgroup) where process > 0 {
                    try? ProcessHandle(opening: process).send(.kill)
                }
            }
            if (try? removeDirectory(cgroup)) != nil { return }
            _ = try? poller.wait(timeout: .milliseconds(10))
        }
    }
}
