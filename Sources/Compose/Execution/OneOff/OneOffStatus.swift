internal import Linux
internal import Runtime

extension OneOffs {
    /// How they do, for `ps -a`.
    public var reports: [InstanceReport] {
        let now = MonotonicTime.now.sinceBoot / .seconds(1)
        return records.map { record in
            let isRunning = record.isRunning
            // Without an end written down, whoever looked after it has been killed.
            let isOver = record.exitCode != nil || record.signalNumber != nil
            let signal = record.signalNumber.map { "\(Signal(rawValue: $0))" }
            let row = StackStatus.Row(
                name: record.name, service: record.service, state: isRunning ? "running" : isOver ? "exited" : "lost",
                exit: record.exitCode.map(String.init) ?? signal, restarts: 0,
                uptimeSeconds: isRunning ? now - record.startedAt : nil,
                processes: isRunning ? record.cgroup.currentPids() : nil,
                processID: isRunning ? record.process.number : nil, outOfMemory: false, reason: nil)
            return InstanceReport(
                project: project, row: row, health: nil, exitCode: record.exitCode,
                usage: isRunning ? ResourceUsage(cgroups: record.cgroup.directories) : nil)
        }
    }
}
