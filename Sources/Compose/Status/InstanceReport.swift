public import JSON

/// Everything that is known of one instance: what its supervisor has written down, and what the kernel counts.
public struct InstanceReport: Sendable {
    public let project: ProjectName
    public let row: StackStatus.Row
    /// `healthy`, `unhealthy`, `starting`; nil where nobody looks.
    public let health: String?
    public let exitCode: Int32?
    /// Nil where nothing of it runs.
    public let usage: ResourceUsage?

    /// Whether its payload is there.
    public var isRunning: Bool { row.processID != nil }

    /// The state as Docker's words have it: `created` for what waits, `exited` for whatever has ended.
    public var dockerState: String {
        switch row.state {
        case "waiting", "starting": "created"
        case "stopping": "running"
        case "failed", "stopped": "exited"
        case "lost": "dead"
        default: row.state
        }
    }

    public var json: JSONValue {
        func number(_ value: (some BinaryInteger)?) -> JSONValue {
            value.map { .integer(Int64(clamping: $0)) } ?? .null
        }
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        return [
            "name": .string(row.name),
            "service": .string(row.service),
            "project": .string(project.text),
            "state": .string(row.state),
            "health": text(health),
            "exit": text(row.exit),
            "exit_code": number(exitCode),
            "restarts": .integer(Int64(row.restarts)),
            "uptime_seconds": row.uptimeSeconds.map { .number($0) } ?? .null,
            "process_id": number(row.processID),
            "processes": number(row.processes),
            "out_of_memory": .boolean(row.outOfMemory),
            "reason": text(row.reason),
            "usage": usage?.json ?? .null,
        ]
    }
}

/// Everything that is known of a stack.
public struct StackReport: Sendable {
    public let project: ProjectName
    /// The project directory, and the stack files.
    public let directory: String
    public let files: [String]
    public let instances: [InstanceReport]
    /// Whether a supervisor looks after the stack.
    public let isSupervised: Bool

    /// - Parameter measuresUse: whether to ask the kernel what each instance uses.
    /// - Returns: nil where there is nothing of the stack.
    public init?(_ directory: StackDirectory, measuresUse: Bool) {
        guard let state = StackState(directory) else { return nil }
        let status = StackStatus(state, of: directory)
        project = directory.project
        self.directory = state.directory
        files = state.files
        isSupervised = status.isSupervised
        var byName: [String: InstanceRecord] = [:]
        for instance in state.instances { byName[instance.name] = instance }
        instances = status.rows.map { row in
            let instance = byName[row.name]
            return InstanceReport(
                project: directory.project, row: row, health: instance?.health?.rawValue, exitCode: instance?.exitCode,
                usage: measuresUse ? instance.flatMap { ResourceUsage(cgroups: $0.cgroups) } : nil)
        }
    }

    /// How many instances are in each state, e.g. `running(2), exited(1)`; the most first.
    public var summary: String {
        var counts: [String: Int] = [:]
        for instance in instances { counts[instance.row.state, default: 0] += 1 }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key)(\($0.value))" }
            .joined(separator: ", ")
    }
}
