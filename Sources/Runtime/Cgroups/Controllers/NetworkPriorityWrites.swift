extension Resources.Network {
    /// See net_prio in the kernel's documentation of cgroup-v1; version 2 has no such file.
    var priorityWrites: [CgroupWrite] {
        priorities.map { CgroupWrite("net_prio.ifpriomap", "\($0.interface) \($0.priority)") }
    }
}
