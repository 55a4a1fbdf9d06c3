extension Resources.Memory {
    var hasAny: Bool {
        limit != nil || reservation != nil || swap != nil || kernelTCP != nil || swappiness != nil
            || disableOOMKiller != nil || useHierarchy != nil
    }

    func writes(_ version: CgroupVersion) throws(CgroupError) -> [CgroupWrite] {
        if let swappiness, swappiness > 100 {
            throw .setting("memory.swappiness", "\(swappiness) is not from 0 to 100")
        }
        switch version {
        case .one: return version1
        case .two: return try version2
        }
    }

    /// See memory in the kernel's documentation of cgroup-v1.
    private var version1: [CgroupWrite] {
        var writes: [CgroupWrite] = []
        let limit = limit ?? 0
        var swap = swap ?? 0
        if limit != 0 { writes.append(CgroupWrite("memory.limit_in_bytes", String(limit))) }
        // Memory without a limit beside memory and swap with one is refused; nobody who lifts the first means the second.
        if limit == -1, swap == 0 { swap = -1 }
        if swap != 0 {
            writes.append(
                CgroupWrite("memory.memsw.limit_in_bytes", String(swap), ifMissing: swap == -1 ? .skip : .fail))
        }
        if let reservation, reservation != 0 {
            writes.append(CgroupWrite("memory.soft_limit_in_bytes", String(reservation)))
        }
        if let kernelTCP, kernelTCP != 0 {
            writes.append(CgroupWrite("memory.kmem.tcp.limit_in_bytes", String(kernelTCP)))
        }
        if useHierarchy == true { writes.append(CgroupWrite("memory.use_hierarchy", "1", ifMissing: .skip)) }
        if let swappiness { writes.append(CgroupWrite("memory.swappiness", String(swappiness))) }
        if let disableOOMKiller {
            writes.append(CgroupWrite("memory.oom_control", disableOOMKiller ? "1" : "0", ifMissing: .skip))
        }
        return writes
    }

    /// See "Memory" in the kernel's documentation of cgroup-v2.
    private var version2: [CgroupWrite] {
        get throws(CgroupError) {
            for (name, isAsked) in [
                ("memory.swappiness", swappiness != nil), ("memory.disableOOMKiller", disableOOMKiller == true),
                ("memory.kernelTCP", (kernelTCP ?? 0) > 0),
            ] where isAsked {
                throw .setting(name, "only version 1 of cgroups has this, and memory is in version 2 on this machine")
            }
            var writes: [CgroupWrite] = []
            if let swap = try swapAlone { writes.append(swap) }
            if let limit, limit != 0 { writes.append(CgroupWrite("memory.max", Self.amount(limit))) }
            if let reservation, reservation != 0 {
                writes.append(CgroupWrite("memory.low", Self.amount(reservation)))
            }
            return writes
        }
    }

    /// Version 2 counts swap space without memory; the specification with it.
    private var swapAlone: CgroupWrite? {
        get throws(CgroupError) {
            let limit = limit ?? 0
            let swap = swap ?? 0
            // As in version 1: memory without a limit lifts both.
            if swap == -1 || (swap == 0 && limit == -1) {
                return CgroupWrite("memory.swap.max", "max", ifMissing: .skip)
            }
            guard swap != 0 else { return nil }
            guard limit > 0 else {
                throw .setting("memory.swap", "limits memory and swap together, and needs memory.limit beside it")
            }
            guard swap >= limit else {
                throw .setting(
                    "memory.swap", "\(swap) bytes are less than the \(limit) of memory.limit, which they include")
            }
            // Without swap space in the kernel, none can be used: the limit of none holds.
            return CgroupWrite("memory.swap.max", String(swap - limit), ifMissing: swap == limit ? .skip : .fail)
        }
    }

    private static func amount(_ bytes: Int64) -> String { bytes < 0 ? "max" : String(bytes) }
}
