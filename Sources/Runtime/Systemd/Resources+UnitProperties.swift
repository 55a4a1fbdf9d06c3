/// The limits that systemd keeps itself, and would otherwise put back to none. See systemd.resource-control(5).
extension Resources {
    /// The properties of a unit; all others are written to the control files only.
    var unitProperties: [UnitProperty] {
        get throws(CgroupError) {
            var properties: [UnitProperty] = []
            // What each amounts to in version 2 is decided once, by what is written to the files.
            for write in try CgroupController.memory.writes(self, .two) {
                guard let name = Self.amounts[write.file] else { continue }
                properties.append(UnitProperty(name, .unsigned64(UInt64(write.value) ?? .max)))
            }
            for write in pidsWrites {
                properties.append(UnitProperty("TasksMax", .unsigned64(UInt64(write.value) ?? .max)))
            }
            return properties + cpu.unitProperties
        }
    }

    private static let amounts = [
        "memory.max": "MemoryMax", "memory.low": "MemoryLow", "memory.swap.max": "MemorySwapMax",
    ]
}

extension Resources.CPU {
    fileprivate var unitProperties: [UnitProperty] {
        var properties: [UnitProperty] = []
        if let shares, shares != 0, idle != 1 {
            properties.append(UnitProperty("CPUWeight", .unsigned64(Self.weight(ofShares: shares))))
        }
        let period = period.flatMap { $0 == 0 ? nil : $0 } ?? 100_000
        if let quota, quota != 0 {
            properties.append(UnitProperty("CPUQuotaPerSecUSec", .unsigned64(Self.perSecond(quota, period))))
            properties.append(UnitProperty("CPUQuotaPeriodUSec", .unsigned64(period)))
        }
        for (name, list) in [("AllowedCPUs", cpus), ("AllowedMemoryNodes", mems)] {
            // What is no list, the kernel refuses, and says so.
            if let list, let mask = Self.mask(list) { properties.append(UnitProperty(name, .bytes(mask))) }
        }
        return properties
    }

    /// The numbers of a list such as `0-3,7` as bits, the lowest first.
    ///
    /// - Returns: nil where it is no such list, is empty, or goes beyond what machines have.
    private static func mask(_ list: String) -> [UInt8]? {
        var mask: [UInt8] = []
        for range in list.split(separator: ",") {
            let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
                (0...last).contains(first), last < 8192
            else { return nil }
            while mask.count <= last / 8 { mask.append(0) }
            for number in first...last { mask[number / 8] |= 1 << UInt8(number % 8) }
        }
        return mask.isEmpty ? nil : mask
    }

    /// systemd counts in hundredths of a processor: rounded up, so that it grants no less than was asked for.
    private static func perSecond(_ quota: Int64, _ period: UInt64) -> UInt64 {
        guard quota > 0 else { return .max }
        let (product, overflow) = UInt64(quota).multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return .max }
        let hundredth: UInt64 = 10_000
        return (product / period + hundredth - 1) / hundredth * hundredth
    }
}
