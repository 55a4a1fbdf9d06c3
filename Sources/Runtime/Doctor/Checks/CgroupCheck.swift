internal import Linux

/// Which cgroup controllers there are, on which side, and what the others would be for.
struct CgroupCheck: HostCheck {
    /// What cannot be done without; those of which nobody would notice the lack are not in it.
    private static let uses: [(controller: CgroupController, without: String)] = [
        (.memory, "no limit on memory (--memory, mem_limit): one container can use up the machine's"),
        (.pids, "no limit on processes (--pids-limit): a fork bomb hits the whole machine"),
        (.cpu, "no share of processor time (--cpus, cpu_shares)"),
        (.cpuset, "no choice of processors (cpuset)"),
        (.blkio, "no limit on reads and writes of disks"),
    ]

    func findings(on host: some Host) -> [Finding] {
        let layout = CgroupLayout.detect(kind: { host.kind($0) }, read: { host.text($0) })
        let hierarchies = layout.hierarchies
        let places = hierarchies.map(\.path) + [layout.unified?.path].compactMap { $0 }
        let cost = "nothing can be limited, counted or paused; limits that are asked for are errors"
        guard !places.isEmpty else {
            return [
                .missing(
                    "cgroups", "none below /sys/fs/cgroup", cost: cost,
                    remedy: "mount -t cgroup2 cgroup2 /sys/fs/cgroup")
            ]
        }
        guard !host.isRoot || places.contains(where: host.isWritable) else {
            return [
                .missing(
                    "cgroups", "mounted read-only", cost: cost,
                    remedy: "in a container: start that with --privileged, or with cgroups that it may write to")
            ]
        }
        var sides: [String] = []
        if !hierarchies.isEmpty {
            let names = hierarchies.map(\.controller.rawValue).joined(separator: " ")
            sides.append("version 1: \(names)")
        }
        if let unified = layout.unified {
            let names = unified.controllers.map(\.unifiedName).joined(separator: " ")
            sides.append("version 2: \(names.isEmpty ? "no controllers" : names)")
        }
        let findings = Self.uses.filter { !layout.has($0.controller) }.map { use in
            Finding.missing(
                "cgroups", "no \(use.controller.rawValue) controller", cost: use.without,
                remedy: Self.remedy(use.controller, layout))
        }
        return [.ok("cgroups", sides.joined(separator: "; "))] + findings + [freezer(layout, host)].compactMap { $0 }
    }

    /// Version 2 needs no controller to stop processes, nor to keep devices from them.
    private func freezer(_ layout: CgroupLayout, _ host: some Host) -> Finding? {
        guard layout.unified == nil, !layout.has(.freezer) else { return nil }
        return .missing(
            "cgroups", "no freezer controller", cost: "containers cannot be paused",
            remedy: Self.remedy(.freezer, layout))
    }

    private static func remedy(_ controller: CgroupController, _ layout: CgroupLayout) -> String {
        let name = controller.unifiedName
        guard layout.hierarchies.isEmpty else {
            return "mount -t cgroup -o \(controller.rawValue) cgroup /sys/fs/cgroup/\(controller.rawValue), "
                + "or boot with systemd.unified_cgroup_hierarchy=1"
        }
        return "boot without cgroup_disable=\(name); in a container, have the host pass the controller on"
    }
}
