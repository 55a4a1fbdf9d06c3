extension CgroupController {
    /// What `resources` say about this controller, as writes to the files of either version. None where nothing is said.
    ///
    /// - Throws: `CgroupError.setting` where a value means nothing, or nothing in that version.
    func writes(_ resources: Resources, _ version: CgroupVersion) throws(CgroupError) -> [CgroupWrite] {
        switch self {
        case .cpu: try resources.cpu.writes(version)
        case .cpuset: resources.cpu.cpusetWrites
        case .memory: try resources.memory.writes(version)
        case .blkio: resources.blockIO.writes(version)
        case .pids: resources.pidsWrites
        case .hugetlb: Resources.HugepageLimit.writes(resources.hugepageLimits, version)
        case .networkClass: resources.network.classWrites
        case .networkPriority: resources.network.priorityWrites
        case .rdma: Resources.RDMALimit.writes(resources.rdma)
        case .devices: version == .one ? try DeviceList(resources.devices).writes : []
        // Nothing to set, or only in `unified`.
        case .cpuacct, .freezer, .perfEvent, .misc: []
        }
    }

    /// Whether `resources` say anything about this controller, zeros included: cheap to ask, and rarely true.
    func isMentioned(in resources: Resources) -> Bool {
        switch self {
        case .cpu: resources.cpu.hasTime
        case .cpuset: resources.cpu.cpus != nil || resources.cpu.mems != nil
        case .memory: resources.memory.hasAny
        case .blkio: resources.blockIO.hasAny
        case .pids: resources.pids != nil
        case .hugetlb: !resources.hugepageLimits.isEmpty
        case .networkClass: resources.network.classID != nil
        case .networkPriority: !resources.network.priorities.isEmpty
        case .rdma: !resources.rdma.isEmpty
        case .devices: !resources.devices.isEmpty
        case .cpuacct, .freezer, .perfEvent, .misc: false
        }
    }
}
