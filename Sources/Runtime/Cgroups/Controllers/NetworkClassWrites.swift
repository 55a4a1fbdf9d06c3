extension Resources.Network {
    /// See net_cls in the kernel's documentation of cgroup-v1; version 2 has no such file.
    var classWrites: [CgroupWrite] {
        guard let classID else { return [] }
        return [CgroupWrite("net_cls.classid", String(classID))]
    }
}
