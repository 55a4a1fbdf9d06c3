/// A kernel controller that limits, counts or stops something, by its name in version 1. See cgroups(7).
public enum CgroupController: String, CaseIterable, Hashable, Sendable {
    case cpu
    case cpuacct
    case cpuset
    case memory
    case devices
    case freezer
    case blkio
    case pids
    case hugetlb
    case networkClass = "net_cls"
    case networkPriority = "net_prio"
    case perfEvent = "perf_event"
    case rdma
    case misc
}

/// The two interfaces that a controller may have.
enum CgroupVersion: Hashable, Sendable {
    case one
    case two
}

extension CgroupController {
    /// The name in `cgroup.controllers` of version 2.
    var unifiedName: String { self == .blkio ? "io" : rawValue }

    /// - Returns: nil for a controller that Gocker does not know, and for those that version 2 does without.
    init?(unifiedName: some StringProtocol) {
        switch unifiedName {
        case "io": self = .blkio
        case "blkio": return nil
        default: self.init(rawValue: String(unifiedName))
        }
    }

    /// The directories that distributions mount a version 1 hierarchy with this controller on. One of two controllers has
    /// a name of two; not everybody links the single ones to it.
    var mountNames: [String] {
        switch self {
        case .cpu: ["cpu", "cpu,cpuacct", "cpuacct,cpu"]
        case .cpuacct: ["cpuacct", "cpu,cpuacct", "cpuacct,cpu"]
        case .networkClass: ["net_cls", "net_cls,net_prio", "net_prio,net_cls"]
        case .networkPriority: ["net_prio", "net_cls,net_prio", "net_prio,net_cls"]
        case .cpuset, .memory, .devices, .freezer, .blkio, .pids, .hugetlb, .perfEvent, .rdma, .misc: [rawValue]
        }
    }
}
