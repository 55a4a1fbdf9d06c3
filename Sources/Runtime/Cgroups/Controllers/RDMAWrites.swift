extension Resources.RDMALimit {
    /// See rdma in the kernel's documentation of cgroups; the file is the same in both versions.
    static func writes(_ limits: [Self]) -> [CgroupWrite] {
        var writes: [CgroupWrite] = []
        for limit in limits {
            var value = limit.device
            if let handles = limit.hcaHandles { value += " hca_handle=\(handles)" }
            if let objects = limit.hcaObjects { value += " hca_object=\(objects)" }
            if value != limit.device { writes.append(CgroupWrite("rdma.max", value)) }
        }
        return writes
    }
}
