internal import Linux

extension Resources.CPU {
    var hasTime: Bool {
        quota != nil || period != nil || shares != nil || burst != nil || idle != nil || realtimeRuntime != nil
            || realtimePeriod != nil
    }

    func writes(_ version: CgroupVersion) throws(CgroupError) -> [CgroupWrite] {
        switch version {
        case .one: return version1
        case .two: return try version2
        }
    }

    /// See sched-bwc, sched-design-CFS and sched-rt-group in the kernel's documentation.
    private var version1: [CgroupWrite] {
        var writes: [CgroupWrite] = []
        // The weight of a group that is idle cannot be set: leave that state first, and never set one with it.
        if let idle { writes.append(CgroupWrite("cpu.idle", String(idle), ifMissing: idle == 0 ? .skip : .fail)) }
        if let shares, shares != 0, idle != 1 { writes.append(CgroupWrite("cpu.shares", String(shares))) }
        if let realtimePeriod, realtimePeriod != 0 {
            writes.append(CgroupWrite("cpu.rt_period_us", String(realtimePeriod)))
        }
        if let realtimeRuntime, realtimeRuntime != 0 {
            writes.append(CgroupWrite("cpu.rt_runtime_us", String(realtimeRuntime)))
        }
        if let period, period != 0 { writes.append(CgroupWrite("cpu.cfs_period_us", String(period))) }
        if let quota, quota != 0 { writes.append(CgroupWrite("cpu.cfs_quota_us", String(max(quota, -1)))) }
        if let burst { writes.append(CgroupWrite("cpu.cfs_burst_us", String(burst), ifMissing: Self.noBurst(burst))) }
        return writes
    }

    /// See "CPU" in the kernel's documentation of cgroup-v2.
    private var version2: [CgroupWrite] {
        get throws(CgroupError) {
            if (realtimeRuntime ?? 0) > 0 || (realtimePeriod ?? 0) > 0 {
                throw .setting(
                    "cpu.realtimeRuntime",
                    "only version 1 of cgroups has this, and cpu is in version 2 on this machine")
            }
            var writes: [CgroupWrite] = []
            if let idle { writes.append(CgroupWrite("cpu.idle", String(idle), ifMissing: idle == 0 ? .skip : .fail)) }
            if let shares, shares != 0, idle != 1 {
                writes.append(CgroupWrite("cpu.weight", String(Self.weight(ofShares: shares))))
            }
            if let max = maximum { writes.append(CgroupWrite("cpu.max", max)) }
            if let burst {
                writes.append(CgroupWrite("cpu.max.burst", String(burst), ifMissing: Self.noBurst(burst)))
            }
            return writes
        }
    }

    /// `cpu.max`, whose first word is the quota. A quota alone leaves the period as it is; a period cannot come alone.
    private var maximum: String? {
        let quota = quota ?? 0
        let period = period ?? 0
        guard quota != 0 || period != 0 else { return nil }
        let amount = quota > 0 ? String(quota) : "max"
        return period == 0 ? amount : "\(amount) \(period)"
    }

    /// Kernels before 5.14 know no burst, and that is what 0 asks for.
    private static func noBurst(_ burst: UInt64) -> CgroupWrite.IfMissing { burst == 0 ? .skip : .fail }

    /// The weight in version 2, 1 to 10,000, that does what `shares` do in version 1.
    ///
    /// The ends and the middle of both scales meet: 2 is 1, 1,024 is 100 and 262,144 is 10,000. crun since 1.23 and runc
    /// since 1.3.2 count like this; a straight line, as before, made a container with 1,024 shares a third of its peers.
    static func weight(ofShares shares: UInt64) -> UInt64 {
        if shares <= 2 { return 1 }
        if shares >= 262_144 { return 10_000 }
        let power = binaryLogarithm(Double(shares))
        // (l² + 125 l) / 612 - 7 / 34 in one fraction: exact where the power of two is.
        return UInt64(powerOfTen((power * power + 125 * power - 126) / 612).rounded(.up))
    }
}
