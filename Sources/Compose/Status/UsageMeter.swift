public import JSON
public import Linux

/// Looks at a stack again and again: what is used in a time needs two looks.
public struct UsageMeter {
    /// One instance.
    public struct Entry: Sendable {
        public let instance: InstanceReport
        /// Of one processor, in per cent, since the last look; nil at the first, and after a restart.
        public let processorShare: Double?
        /// Of its limit, in per cent.
        public let memoryShare: Double?

        /// As `InstanceReport`'s, with `cpu_percent` and `memory_percent`.
        public var json: JSONValue {
            guard case .object(let entries) = instance.json else { return .null }
            return .object(
                entries + [
                    ("cpu_percent", processorShare.map { .number($0) } ?? .null),
                    ("memory_percent", memoryShare.map { .number($0) } ?? .null),
                ])
        }
    }

    private let directory: StackDirectory
    /// The process and its processor time at the last look, by the instance's name.
    private var last: [String: (process: Int32?, time: UInt64)] = [:]
    private var lookedAt: MonotonicTime?

    public init(_ directory: StackDirectory) {
        self.directory = directory
    }

    /// - Returns: nil where there is nothing of the stack.
    public mutating func look(at now: MonotonicTime) -> (stack: StackReport, entries: [Entry])? {
        guard let stack = StackReport(directory, measuresUse: true) else { return nil }
        let elapsed = lookedAt.map { Double((now - $0) / .nanoseconds(1)) }
        lookedAt = now
        var times: [String: (process: Int32?, time: UInt64)] = [:]
        let entries = stack.instances.map { instance in
            let process = instance.row.processID
            let time = instance.usage?.processorTime
            if let time { times[instance.row.name] = (process, time) }
            return Entry(
                instance: instance,
                processorShare: Self.share(from: last[instance.row.name], process, time, elapsed),
                memoryShare: Self.share(of: instance.usage))
        }
        last = times
        return (stack, entries)
    }

    static func share(
        from last: (process: Int32?, time: UInt64)?, _ process: Int32?, _ time: UInt64?, _ elapsed: Double?
    ) -> Double? {
        guard let last, let time, let elapsed, elapsed > 0, last.process == process, time >= last.time else {
            return nil
        }
        return Double(time - last.time) / elapsed * 100
    }

    private static func share(of usage: ResourceUsage?) -> Double? {
        guard let memory = usage?.memory, let limit = usage?.memoryLimit, limit > 0 else { return nil }
        return Double(memory) / Double(limit) * 100
    }
}
