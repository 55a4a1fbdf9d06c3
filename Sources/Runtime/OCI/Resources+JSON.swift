internal import JSON
internal import Linux

extension Resources {
    /// Reads the specification's `linux.resources`, which is also what `update --resources` takes.
    ///
    /// - Throws: `SpecError` naming the place of what is missing, misspelt or out of range.
    public init(_ object: SpecObject) throws(SpecError) {
        self.init()
        pids = try object.object("pids")?.integer("limit")
        if let memory = try object.object("memory") { self.memory = try Memory(memory) }
        if let cpu = try object.object("cpu") { self.cpu = try CPU(cpu) }
        if let blockIO = try object.object("blockIO") { self.blockIO = try BlockIO(blockIO) }
        if let network = try object.object("network") { self.network = try Network(network) }
        for limit in try object.list("hugepageLimits") { hugepageLimits.append(try HugepageLimit(limit)) }
        if let rdma = try object.object("rdma") { self.rdma = try RDMALimit.all(rdma) }
        for rule in try object.list("devices") { devices.append(try DeviceRule(rule)) }
        for entry in try object.textEntries("unified") {
            guard UnifiedEntry.isFileName(entry.key) else {
                throw object.failure("unified.\(entry.key)", "expected the name of a control file, e.g. memory.high")
            }
            unified.append(UnifiedEntry(entry.key, entry.value))
        }
    }
}

extension Resources.Memory {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        self.init()
        limit = try object.bytes("limit")
        reservation = try object.bytes("reservation")
        swap = try object.bytes("swap")
        kernel = try object.bytes("kernel")
        kernelTCP = try object.bytes("kernelTCP")
        swappiness = try object.integer("swappiness")
        if let swappiness, swappiness > 100 { throw object.failure("swappiness", "expected a number from 0 to 100") }
        disableOOMKiller = try object.boolean("disableOOMKiller")
        useHierarchy = try object.boolean("useHierarchy")
        checkBeforeUpdate = try object.boolean("checkBeforeUpdate")
    }
}

extension Resources.CPU {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        self.init()
        shares = try object.integer("shares")
        quota = try object.integer("quota")
        burst = try object.integer("burst")
        period = try object.integer("period")
        realtimeRuntime = try object.integer("realtimeRuntime")
        realtimePeriod = try object.integer("realtimePeriod")
        cpus = try object.text("cpus")
        mems = try object.text("mems")
        idle = try object.integer("idle")
        if let idle, idle != 0, idle != 1 { throw object.failure("idle", "expected 0 or 1") }
    }
}

extension Resources.BlockIO {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        self.init()
        weight = try object.weight("weight")
        leafWeight = try object.weight("leafWeight")
        for device in try object.list("weightDevice") {
            weightDevice.append(
                WeightDevice(
                    try device.deviceNumber(), weight: try device.weight("weight"),
                    leafWeight: try device.weight("leafWeight")))
        }
        throttleReadBps = try object.throttles("throttleReadBpsDevice")
        throttleWriteBps = try object.throttles("throttleWriteBpsDevice")
        throttleReadIOPS = try object.throttles("throttleReadIOPSDevice")
        throttleWriteIOPS = try object.throttles("throttleWriteIOPSDevice")
    }
}

extension Resources.Network {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        self.init()
        classID = try object.integer("classID")
        for entry in try object.list("priorities") {
            guard let priority = try entry.integer("priority", as: UInt32.self) else {
                throw entry.failure("priority", "expected a number")
            }
            priorities.append(Priority(interface: try entry.requiredText("name"), priority: priority))
        }
    }
}

extension Resources.HugepageLimit {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        let size = try object.requiredText("pageSize")
        guard Self.isPageSize(size) else {
            throw object.failure("pageSize", "expected a size such as 64KB, 2MB or 1GB")
        }
        guard let limit = try object.integer("limit", as: UInt64.self) else {
            throw object.failure("limit", "expected a number of bytes")
        }
        self.init(pageSize: size, limit: limit)
    }

    /// `^[1-9][0-9]*[KMG]B$`, as the specification's schema has it. The size becomes part of a file's name.
    static func isPageSize(_ text: String) -> Bool {
        guard let last = text.dropLast().last, text.hasSuffix("B"), "KMG".contains(last) else { return false }
        let digits = text.dropLast(2)
        return !digits.isEmpty && digits.first != "0" && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension Resources.RDMALimit {
    fileprivate static func all(_ object: SpecObject) throws(SpecError) -> [Self] {
        guard case .object(let entries) = object.value else { return [] }
        var limits: [Self] = []
        for entry in entries {
            let limit = try SpecObject(entry.value, at: object.place(entry.key))
            limits.append(
                Self(
                    device: entry.key, hcaHandles: try limit.integer("hcaHandles"),
                    hcaObjects: try limit.integer("hcaObjects")))
        }
        return limits
    }
}

extension Resources.UnifiedEntry {
    /// Whether `key` names a file of the cgroup's directory, and nothing else.
    static func isFileName(_ key: String) -> Bool {
        !key.isEmpty && key != "." && key != ".." && !key.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }
}

extension DeviceRule {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        guard let allow = try object.boolean("allow") else { throw object.failure("allow", "expected true or false") }
        let kind: Kind
        switch try object.text("type") {
        case nil, "a", "": kind = .all
        case "b": kind = .block
        case "c", "u": kind = .character
        case let other?: throw object.failure("type", "expected a, b or c, not \"\(other)\"")
        }
        var access = Access.all
        if let text = try object.text("access"), !text.isEmpty {
            guard let letters = Access(text) else {
                throw object.failure("access", "expected some of r, w and m, not \"\(text)\"")
            }
            access = letters
        }
        self.init(
            allow: allow, kind, major: try object.deviceNumberPart("major"),
            minor: try object.deviceNumberPart("minor"), access: access)
    }
}

extension SpecObject {
    fileprivate func bytes(_ key: String) throws(SpecError) -> Int64? {
        guard let number = try integer(key, as: Int64.self) else { return nil }
        guard number >= -1 else { throw failure(key, "expected a number of bytes, or -1 for no limit") }
        return number
    }

    /// Zero is how engines leave it out.
    fileprivate func weight(_ key: String) throws(SpecError) -> UInt16? {
        guard let number = try integer(key, as: UInt16.self), number != 0 else { return nil }
        guard (10...1000).contains(number) else { throw failure(key, "expected a number from 10 to 1000") }
        return number
    }

    /// Nil for every number, which some write as -1.
    fileprivate func deviceNumberPart(_ key: String) throws(SpecError) -> UInt32? {
        guard let number = try integer(key, as: Int64.self), number != -1 else { return nil }
        guard let part = UInt32(exactly: number) else { throw failure(key, "expected a device number") }
        return part
    }

    fileprivate func deviceNumber() throws(SpecError) -> DeviceNumber {
        guard let major = try integer("major", as: UInt32.self) else { throw failure("major", "expected a number") }
        guard let minor = try integer("minor", as: UInt32.self) else { throw failure("minor", "expected a number") }
        return DeviceNumber(major: major, minor: minor)
    }

    fileprivate func throttles(_ key: String) throws(SpecError) -> [Resources.BlockIO.Throttle] {
        var throttles: [Resources.BlockIO.Throttle] = []
        for entry in try list(key) {
            guard let rate = try entry.integer("rate", as: UInt64.self) else {
                throw entry.failure("rate", "expected a number")
            }
            throttles.append(.init(try entry.deviceNumber(), rate: rate))
        }
        return throttles
    }
}
