extension Resources {
    /// See pids in the kernel's documentation of cgroups; the file is the same in both versions.
    var pidsWrites: [CgroupWrite] {
        guard let pids else { return [] }
        return [CgroupWrite("pids.max", pids < 0 ? "max" : String(max(pids, 1)))]
    }
}
