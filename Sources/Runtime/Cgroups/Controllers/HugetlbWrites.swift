extension Resources.HugepageLimit {
    /// Limits what may be used and, on kernels since 5.7, what may be reserved. See hugetlb in the kernel's documentation
    /// of cgroups.
    static func writes(_ limits: [Self], _ version: CgroupVersion) -> [CgroupWrite] {
        let name = version == .one ? "limit_in_bytes" : "max"
        var writes: [CgroupWrite] = []
        for limit in limits {
            let value = String(limit.limit)
            writes.append(CgroupWrite("hugetlb.\(limit.pageSize).\(name)", value))
            writes.append(CgroupWrite("hugetlb.\(limit.pageSize).rsvd.\(name)", value, ifMissing: .skip))
        }
        return writes
    }
}
