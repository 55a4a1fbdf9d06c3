internal import Linux
internal import Runtime

/// What there is of a stack in the kernel: its cgroups tell, whatever else is lost.
struct Leftovers {
    /// One run of an instance that has a cgroup.
    struct Run {
        let instance: InstanceName?
        let cgroup: Cgroup
        /// What is in it, as we number it.
        let processes: [Int32]

        /// The container's first process: the one that is number 1 where it lives, one PID namespace below ours. See
        /// proc(5), `/proc/PID/status`, NSpid.
        var firstProcess: ProcessIdentity? {
            for process in processes {
                guard let status = try? readText("/proc/\(process)/status"),
                    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("NSpid:") })
                else { continue }
                let numbers = line.split(whereSeparator: \.isWhitespace).dropFirst()
                if numbers.count == 2, numbers.last == "1" { return try? ProcessIdentity(of: process) }
            }
            return nil
        }
    }

    private let directories: [(mount: String, path: String, isUnified: Bool)]

    init(of project: ProjectName, layout: CgroupLayout) {
        let path = "gocker-\(project)"
        let mounts = Set(layout.hierarchies.map(\.path)).sorted().map { ($0, path, false) }
        let all = mounts + [layout.unified?.path].compactMap { $0 }.map { ($0, path, true) }
        directories = all.filter { (try? FileStatus.of("\($0.0)/\($0.1)")) != nil }
    }

    /// The runs that have a cgroup, whether or not anything is in it.
    var runs: [Run] {
        var places: [String: [CgroupPlace]] = [:]
        for directory in directories {
            for name in Self.childCgroups(of: "\(directory.mount)/\(directory.path)") {
                places[name, default: []].append(
                    CgroupPlace(
                        mount: directory.mount, path: "\(directory.path)/\(name)", isUnified: directory.isUnified))
            }
        }
        return places.sorted { $0.key < $1.key }.map { name, places in
            let cgroup = Cgroup(existing: places)
            return Run(instance: RunName(name)?.instance, cgroup: cgroup, processes: cgroup.processes())
        }
    }

    /// Kills every process that is left of `runs` and removes their cgroups.
    ///
    /// - Returns: the names of the instances that were still running.
    static func end(_ runs: [Run]) -> [String] {
        for run in runs {
            run.cgroup.kill()
            run.cgroup.thaw()
        }
        for run in runs { run.cgroup.remove() }
        return Set(runs.filter { !$0.processes.isEmpty }.compactMap { $0.instance.map(\.description) }).sorted()
    }

    /// Kills and removes everything.
    func remove() -> [String] {
        let names = Self.end(runs)
        for directory in directories { try? removeDirectory("\(directory.mount)/\(directory.path)") }
        return names
    }

    private static func childCgroups(of directory: String) -> [String] {
        let names = (try? directoryEntries(directory)) ?? []
        return names.filter { (try? FileStatus.ofLink("\(directory)/\($0)"))?.kind == .directory }
    }
}
