internal import Linux

extension Resources.BlockIO {
    var hasAny: Bool {
        weight != nil || leafWeight != nil || !weightDevice.isEmpty || !throttleReadBps.isEmpty
            || !throttleWriteBps.isEmpty || !throttleReadIOPS.isEmpty || !throttleWriteIOPS.isEmpty
    }

    func writes(_ version: CgroupVersion) -> [CgroupWrite] {
        switch version {
        case .one: version1
        case .two: version2
        }
    }

    /// See blkio-controller in the kernel's documentation of cgroup-v1. Which scheduler weighs has changed over time, and
    /// with it the name of the files.
    private var version1: [CgroupWrite] {
        var writes: [CgroupWrite] = []
        func add(_ file: String, orElse other: String, _ value: String) {
            writes.append(CgroupWrite(file, value, ifMissing: .write(file: other, value: value)))
        }
        if let weight { add("blkio.weight", orElse: "blkio.bfq.weight", String(weight)) }
        if let leafWeight { writes.append(CgroupWrite("blkio.leaf_weight", String(leafWeight))) }
        for entry in weightDevice {
            if let weight = entry.weight {
                add("blkio.weight_device", orElse: "blkio.bfq.weight_device", "\(entry.device.text) \(weight)")
            }
            if let leafWeight = entry.leafWeight {
                writes.append(CgroupWrite("blkio.leaf_weight_device", "\(entry.device.text) \(leafWeight)"))
            }
        }
        for (name, throttles) in [
            ("read_bps", throttleReadBps), ("write_bps", throttleWriteBps), ("read_iops", throttleReadIOPS),
            ("write_iops", throttleWriteIOPS),
        ] {
            for throttle in throttles {
                writes.append(
                    CgroupWrite("blkio.throttle.\(name)_device", "\(throttle.device.text) \(throttle.rate)"))
            }
        }
        return writes
    }

    /// See "IO" in the kernel's documentation of cgroup-v2, and bfq-iosched. Leaf weights are gone.
    private var version2: [CgroupWrite] {
        var writes: [CgroupWrite] = []
        if let weight {
            // BFQ's file has version 1's numbers; the general one, of iocost, goes from 1 to 10,000.
            let general = Self.generalWeight(weight)
            writes.append(
                CgroupWrite(
                    "io.bfq.weight", String(weight), ifMissing: .write(file: "io.weight", value: String(general))))
        }
        for entry in weightDevice {
            guard let weight = entry.weight else { continue }
            writes.append(
                CgroupWrite(
                    "io.bfq.weight", "\(entry.device.text) \(weight)",
                    ifMissing: .write(
                        file: "io.weight", value: "\(entry.device.text) \(Self.generalWeight(weight))")))
        }
        for (name, throttles) in [
            ("rbps", throttleReadBps), ("wbps", throttleWriteBps), ("riops", throttleReadIOPS),
            ("wiops", throttleWriteIOPS),
        ] {
            for throttle in throttles {
                let rate = throttle.rate == 0 ? "max" : String(throttle.rate)
                writes.append(CgroupWrite("io.max", "\(throttle.device.text) \(name)=\(rate)"))
            }
        }
        return writes
    }

    /// 10 to 1,000 becomes 1 to 10,000, as in crun and runc.
    static func generalWeight(_ weight: UInt16) -> Int { 1 + (Int(weight) - 10) * 9999 / 990 }
}

extension DeviceNumber {
    /// As control files have it, e.g. `8:0`.
    var text: String { "\(major):\(minor)" }
}
