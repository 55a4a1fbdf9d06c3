public import JSON
internal import Linux
internal import Runtime

/// What the processes of one run have used, at one moment. What nothing counts is nil.
public struct ResourceUsage: Hashable, Sendable {
    /// Processor time since the run began, in nanoseconds.
    public var processorTime: UInt64 = 0
    /// In bytes. Without a memory controller, what the processes have of their own and share.
    public var memory: UInt64?
    public var memoryPeak: UInt64?
    /// Nil for no limit.
    public var memoryLimit: UInt64?
    /// For how long some of the processes waited, in per cent of the last ten seconds. See psi in the kernel's documentation.
    public var processorPressure: Double?
    public var memoryPressure: Double?
    public var storagePressure: Double?
    /// For how long the limit on processor time held it back, in nanoseconds; nil where there is none.
    public var throttledTime: UInt64?
    public var readBytes: UInt64?
    public var writtenBytes: UInt64?
    /// Processes and threads.
    public var processes: UInt64?
    public var processLimit: UInt64?
    /// How often a process could not be made, and how many were killed, because a limit was reached.
    public var processLimitHits = 0
    public var outOfMemoryKills = 0

    public init() {}

    /// Looks at the cgroup of a run.
    ///
    /// - Parameter directories: of the cgroup, in every hierarchy.
    /// - Returns: nil where it is not there.
    public init?(cgroups directories: [String]) {
        let places = directories.compactMap { try? CgroupPlace(mount: $0, path: "") }
        guard !places.isEmpty else { return nil }
        let cgroup = Cgroup(existing: places)
        let statistics = CgroupStatistics(of: cgroup)
        processorTime = statistics.cpu.total
        processorPressure = statistics.cpu.pressure?.some?.average10
        memoryPressure = statistics.memory.pressure?.some?.average10
        storagePressure = statistics.blockIO.pressure?.some?.average10
        if statistics.cpu.periods > 0 { throttledTime = statistics.cpu.throttledTime }
        processes = cgroup.currentPids().map(UInt64.init)
        processLimit = statistics.pids.limit == 0 ? nil : statistics.pids.limit
        processLimitHits = cgroup.pidsLimitHits()
        outOfMemoryKills = cgroup.outOfMemoryKills()
        if statistics.memory.usage.limit > 0 {
            memory = statistics.memory.usage.usage
            memoryPeak = statistics.memory.usage.max == 0 ? nil : statistics.memory.usage.max
            memoryLimit = Self.limit(statistics.memory.usage.limit)
        }
        let blocks = statistics.blockIO.serviceBytes
        if !blocks.isEmpty {
            readBytes = Self.sum(blocks, "Read")
            writtenBytes = Self.sum(blocks, "Write")
        }
        if memory == nil || readBytes == nil { askProcesses(directories) }
    }

    /// Version 1 writes no limit as the largest multiple of a page.
    private static func limit(_ bytes: UInt64) -> UInt64? { bytes > 1 << 62 ? nil : bytes }

    private static func sum(_ entries: [CgroupStatistics.BlockIO.Entry], _ operation: String) -> UInt64 {
        entries.reduce(0) { $1.operation == operation ? $0 + $1.value : $0 }
    }

    /// What no controller counts, the processes that are there know of themselves. See proc(5), `statm` and `io`.
    private mutating func askProcesses(_ directories: [String]) {
        let lists = directories.lazy.compactMap { try? readText("\($0)/cgroup.procs") }
        guard let list = lists.first else { return }
        var own = (pages: UInt64(0), read: UInt64(0), written: UInt64(0))
        for process in list.split(separator: "\n") {
            let sizes = ((try? readText("/proc/\(process)/statm")) ?? "").split(separator: " ")
            if sizes.count > 1 { own.pages += UInt64(sizes[1]) ?? 0 }
            for line in ((try? readText("/proc/\(process)/io")) ?? "").split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count == 2, let bytes = UInt64(words[1]) else { continue }
                if words[0] == "read_bytes:" { own.read += bytes }
                if words[0] == "write_bytes:" { own.written += bytes }
            }
        }
        if memory == nil { memory = own.pages * UInt64(pageSize) }
        if readBytes == nil { (readBytes, writtenBytes) = (own.read, own.written) }
    }
}

extension ResourceUsage {
    /// With the unit in each key.
    public var json: JSONValue {
        func count(_ number: UInt64?) -> JSONValue { number.map { .integer(Int64(clamping: $0)) } ?? .null }
        func seconds(_ nanoseconds: UInt64) -> JSONValue { .number(Double(nanoseconds) / 1e9) }
        func percent(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
        return [
            "cpu_seconds": seconds(processorTime),
            "cpu_throttled_seconds": throttledTime.map(seconds) ?? .null,
            "cpu_pressure_percent": percent(processorPressure),
            "memory_bytes": count(memory),
            "memory_peak_bytes": count(memoryPeak),
            "memory_limit_bytes": count(memoryLimit),
            "memory_pressure_percent": percent(memoryPressure),
            "oom_kills": .integer(Int64(outOfMemoryKills)),
            "read_bytes": count(readBytes),
            "written_bytes": count(writtenBytes),
            "io_pressure_percent": percent(storagePressure),
            "pids": count(processes),
            "pids_limit": count(processLimit),
            "pids_limit_hits": .integer(Int64(processLimitHits)),
        ]
    }
}
