internal import Linux

/// One write to a control file of a cgroup.
public struct CgroupWrite: Hashable, Sendable {
    /// The file, relative to the cgroup's directory.
    public let file: String
    public let value: String

    public init(_ file: String, _ value: String) {
        self.file = file
        self.value = value
    }
}

/// A cgroup to be made: which directories, which limits, and how a process gets in. Pure; `Cgroup` carries it out.
public struct CgroupPlan: Hashable, Sendable {
    /// The cgroup's directory in one hierarchy.
    public struct Member: Hashable, Sendable {
        /// Where the hierarchy is mounted.
        public let mount: String
        /// Below it.
        public let path: String
        /// Nil in a version 1 hierarchy.
        public let enabled: [CgroupController]?
        public let writes: [CgroupWrite]

        public var directory: String { "\(mount)/\(path)" }
    }

    /// Version 1 first, the unified hierarchy last.
    public let members: [Member]

    /// Plans the cgroup `path` (relative, e.g. `gocker-web` or `gocker-shop/web-1.0`) with `resources` on `layout`.
    ///
    /// A member is made only where there is something to limit or, with `tracked`, something to find again: every
    /// directory costs time at each start.
    ///
    /// - Throws: `CgroupError.missingController` where a limit cannot be enforced here.
    public init(
        path: String, resources: Resources, layout: CgroupLayout, tracked: Bool = false
    ) throws(CgroupError) {
        var members: [Member] = []
        var enabled: [CgroupController] = []
        var unifiedWrites: [CgroupWrite] = []
        for controller in CgroupController.allCases {
            guard let limit = Limit(controller, resources) else {
                if tracked, controller == .pids, let mount = layout.hierarchy(of: .pids) {
                    members.append(Member(mount: mount, path: path, enabled: nil, writes: []))
                }
                continue
            }
            if let mount = layout.hierarchy(of: controller) {
                members.append(Member(mount: mount, path: path, enabled: nil, writes: limit.version1))
            } else if layout.unified?.controllers.contains(controller) == true {
                enabled.append(controller)
                unifiedWrites += limit.version2
            } else {
                throw .missingController(controller)
            }
        }
        if let unified = layout.unified, !enabled.isEmpty || tracked {
            members.append(Member(mount: unified.path, path: path, enabled: enabled, writes: unifiedWrites))
        }
        self.members = members
    }
}

/// What a limit is written as, in either version of cgroups.
private struct Limit {
    let version1: [CgroupWrite]
    let version2: [CgroupWrite]

    /// - Returns: nil where `resources` do not limit what `controller` controls.
    init?(_ controller: CgroupController, _ resources: Resources) {
        switch controller {
        case .pids:
            guard let pids = resources.pids else { return nil }
            version1 = [CgroupWrite("pids.max", String(pids))]
            version2 = version1
        case .memory:
            guard let memory = resources.memory.limit else { return nil }
            version1 = [CgroupWrite("memory.limit_in_bytes", String(memory))]
            version2 = [CgroupWrite("memory.max", String(memory))]
        case .cpu:
            guard let quota = resources.cpu.quota else { return nil }
            version1 = [
                CgroupWrite("cpu.cfs_period_us", String(CPUCount.period)),
                CgroupWrite("cpu.cfs_quota_us", String(quota)),
            ]
            version2 = [CgroupWrite("cpu.max", "\(quota) \(CPUCount.period)")]
        }
    }
}
