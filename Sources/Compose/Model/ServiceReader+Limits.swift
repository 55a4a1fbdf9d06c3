internal import Linux

/// What it may use.
extension ServiceReader {
    mutating func readLimits(_ namespaces: ServiceNamespaces, _ network: NetworkMode) -> ServiceLimits {
        var limits = ServiceLimits()
        readMemory(&limits)
        readProcessors(&limits)
        limits.blockIO = readBlockIO()
        limits.processes = readProcessLimits()
        limits.kernelSettings = readKernelSettings(namespaces, network)
        return limits
    }

    private mutating func readMemory(_ limits: inout ServiceLimits) {
        let reservation = node["mem_reservation"] ?? node["deploy"]?["resources"]?["reservations"]?["memory"]
        limits.memoryReservation = positive(reservation, "mem_reservation", "a size such as 64m")
        limits.sharedMemory = positive(node["shm_size"], "shm_size", "a size such as 64m")
        if let swap = bytes(node["memswap_limit"]), swap != 0 {
            if swap < -1 { refuse("memswap_limit", "a size such as 64m, or -1 for no limit", found: String(swap)) }
            limits.memoryAndSwap = swap
            checkSwap(swap)
        }
        if let swappiness = bytes(node["mem_swappiness"]), swappiness != -1 {
            if (0...100).contains(swappiness) {
                limits.swappiness = UInt64(swappiness)
            } else {
                refuse("mem_swappiness", "a whole number from 0 to 100", found: String(swappiness))
            }
        }
        limits.waitsForMemory = node["oom_kill_disable"]?.boolean ?? false
        limits.oomScoreAdjustment = node["oom_score_adj"]?.integer.flatMap { Int32(exactly: $0) }
    }

    private mutating func checkSwap(_ swap: Int64) {
        guard swap > 0 else { return }
        let limit = bytes(limit("mem_limit", orDeployed: "memory")) ?? 0
        if limit <= 0 {
            problems.error(
                "\"memswap_limit\" is memory and swap space together: say \"mem_limit\", too",
                at: node["memswap_limit"]?.place)
        } else if swap < limit {
            problems.error(
                "\"memswap_limit\" includes the memory: it cannot be less than \"mem_limit\"",
                at: node["memswap_limit"]?.place)
        }
    }

    private func bytes(_ node: Node?) -> Int64? { node.flatMap { $0.string.flatMap(ByteText.parse) ?? $0.integer } }

    private mutating func positive(_ value: Node?, _ key: String, _ expected: String) -> ByteCount? {
        guard let number = bytes(value), number != 0 else { return nil }
        if number < 0 {
            refuse(key, expected, found: String(number), at: value?.place)
            return nil
        }
        return ByteCount(bytes: number)
    }

    private mutating func readProcessors(_ limits: inout ServiceLimits) {
        limits.cpuShares = number("cpu_shares", atLeast: 2)
        limits.cpuPeriod = number("cpu_period", atLeast: 1000, atMost: 1_000_000)
        limits.realtimePeriod = number("cpu_rt_period", atLeast: 1)
        limits.realtimeRuntime = number("cpu_rt_runtime", atLeast: 1).map { Int64(clamping: $0) }
        if let quota = node["cpu_quota"]?.integer, quota != 0 {
            if quota == -1 || quota >= 1000 {
                limits.cpuQuota = quota
            } else {
                refuse("cpu_quota", "microseconds from 1000, or -1 for no limit", found: String(quota))
            }
        }
        if limits.cpuQuota != nil || limits.cpuPeriod != nil, limit("cpus", orDeployed: "cpus") != nil {
            let key = limits.cpuQuota == nil ? "cpu_period" : "cpu_quota"
            problems.error("\"\(key)\" and \"cpus\" say the same in two ways: leave one out", at: node[key]?.place)
        }
        if let text = node["cpuset"]?.string, !text.isEmpty {
            limits.cpuset = text
            if !Self.isProcessorList(text) { refuse("cpuset", "processors such as 0-3,7", found: text) }
        }
    }

    /// See cpuset(7), "List format".
    private static func isProcessorList(_ text: String) -> Bool {
        text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { range in
            let ends = range.split(separator: "-", omittingEmptySubsequences: false)
            return (1...2).contains(ends.count) && ends.allSatisfy { UInt16($0) != nil }
        }
    }

    /// Zero is as good as nothing.
    private mutating func number(_ key: String, atLeast least: Int64, atMost most: Int64 = .max) -> UInt64? {
        guard let value = node[key]?.integer, value != 0 else { return nil }
        guard (least...most).contains(value) else {
            let range = most == .max ? "from \(least)" : "from \(least) to \(most)"
            refuse(key, "a whole number \(range)", found: String(value))
            return nil
        }
        return UInt64(value)
    }

    private mutating func readBlockIO() -> ServiceLimits.BlockIO {
        var limits = ServiceLimits.BlockIO()
        guard let table = node["blkio_config"], table.mapping != nil else { return limits }
        if let weight = table["weight"]?.integer, weight != 0 {
            if (10...1000).contains(weight) {
                limits.weight = UInt16(weight)
            } else {
                refuse("blkio_config.weight", "a whole number from 10 to 1000", found: String(weight), at: table.place)
            }
        }
        limits.weights = rates(table["weight_device"], "weight")
        limits.readBytes = rates(table["device_read_bps"], "rate")
        limits.readOperations = rates(table["device_read_iops"], "rate")
        limits.writtenBytes = rates(table["device_write_bps"], "rate")
        limits.writeOperations = rates(table["device_write_iops"], "rate")
        return limits
    }

    private mutating func rates(_ list: Node?, _ key: String) -> [ServiceLimits.BlockIO.Rate] {
        (list?.items ?? []).compactMap { item in
            guard let path = item["path"]?.string, Path.isAbsolute(path), let value = bytes(item[key]), value >= 0
            else {
                problems.error(
                    "a limit on a block device needs its absolute \"path\", and a \"\(key)\" of 0 or more",
                    at: item.place)
                return nil
            }
            return ServiceLimits.BlockIO.Rate(path: path, value: UInt64(value))
        }
    }
}

// MARK: Of each process, and of the kernel

extension ServiceReader {
    /// As getrlimit(2) has them, without `RLIMIT_`.
    private static let limitNames = [
        "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
        "rtprio",
        "rttime", "sigpending", "stack",
    ]

    private mutating func readProcessLimits() -> [ResourceLimit] {
        (node["ulimits"]?.mapping ?? Mapping()).compactMap { name, entry in
            guard let kind = ResourceLimit.Kind(name: "RLIMIT_\(name.uppercased())") else {
                problems.error(
                    "there is no limit \"\(name)\": write one of getrlimit(2), such as nofile", at: entry.key,
                    suggestion: NearestName.find(name, among: Self.limitNames))
                return nil
            }
            let soft = entry.value["soft"] ?? entry.value
            let hard = entry.value["hard"] ?? entry.value
            guard let lower = limit(soft), let upper = limit(hard) else { return nil }
            if lower > upper {
                problems.error("the soft limit of \"\(name)\" is above the hard one", at: soft.place)
            }
            return ResourceLimit(kind, soft: lower, hard: upper)
        }
    }

    private mutating func limit(_ node: Node) -> UInt64? {
        guard let value = node.integer else { return nil }
        if value < -1 { refuse("ulimits", "a whole number, or -1 for no limit", found: String(value), at: node.place) }
        return value < 0 ? .max : UInt64(value)
    }

    private mutating func readKernelSettings(
        _ namespaces: ServiceNamespaces, _ network: NetworkMode
    ) -> [ServiceLimits.KernelSetting] {
        (node["sysctls"]?.mapping ?? Mapping()).compactMap { name, entry in
            guard let value = entry.value.plainText else { return nil }
            if let reason = Self.refusal(of: name, namespaces, network) {
                problems.error("the kernel setting \"\(name)\" \(reason)", at: entry.key)
            }
            return ServiceLimits.KernelSetting(name: name, value: value)
        }
    }

    private static let ofMessages = [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni",
        "kernel.shm_rmid_forced",
    ]

    /// Why a setting cannot be the service's own. See namespaces(7), and sysctl(8) for the two ways to write a name.
    private static func refusal(
        of name: String, _ namespaces: ServiceNamespaces, _ network: NetworkMode
    ) -> String? {
        let isPath = name.first { $0 == "." || $0 == "/" } == "/"
        let dotted = isPath ? name.replacing("/", with: ".") : name
        if dotted.hasPrefix("net.") {
            switch network {
            case .none: return nil
            case .host: return "is that of the machine's network: set \"network_mode: none\", or leave it out"
            case .service(let other): return "is that of the network of \"\(other)\": set it there"
            }
        }
        if ofMessages.contains(dotted) || dotted.hasPrefix("fs.mqueue.") {
            return namespaces.ipc == .own ? nil : "is not the service's own, because it shares \"ipc\""
        }
        if dotted == "kernel.domainname" {
            return namespaces.names == .own ? nil : "is not the service's own, because it shares \"uts\""
        }
        return "is one of the whole machine: no service can have its own"
    }
}

extension Node {
    /// A scalar as it would be written into a file of the kernel's; nil for null and what is no scalar.
    fileprivate var plainText: String? {
        guard let scalar, scalar.kind != .null else { return nil }
        if case .boolean(let value) = scalar.kind { return value ? "1" : "0" }
        return scalar.text
    }
}
