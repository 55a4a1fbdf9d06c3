internal import Compose
internal import Linux

/// What has become of every instance, once `up` has ended.
struct ExitReport {
    private let records: [InstanceRecord]

    init(_ directory: StackDirectory) {
        records = StackState(directory)?.instances ?? []
    }

    func show() {
        guard !records.isEmpty else { return }
        switch Appearance.progress {
        case .quiet: break
        case .json: for record in records { writeLine(ProgressRecord.report(record), to: .standardError) }
        case .plain, .tty: writeLines(table.lines(), to: .standardError)
        }
    }

    private var table: Table {
        Table(
            columns: [
                Table.Column(title: "INSTANCE"), Table.Column(title: "END"),
                Table.Column(title: "RAN FOR", isNumeric: true), Table.Column(title: "RESTARTS", isNumeric: true),
                Table.Column(title: "PEAK MEMORY", isNumeric: true, isOptional: true),
            ],
            rows: records.map { record in
                [
                    Table.Cell(record.name), Table.Cell(record.end, record.isWell ? .plain : .red),
                    Table.Cell(record.ranFor.map { Units.age($0) }), Table.Cell("\(record.restarts)"),
                    Table.Cell(record.peakMemory.map { Units.bytes(UInt64($0)) }),
                ]
            })
    }
}

extension InstanceRecord {
    /// How it is, or how it ended, in a few words.
    var end: String {
        if let reason { return "failed: \(reason)" }
        let oom = wasOutOfMemory ? ", out of memory" : ""
        switch phase {
        case .created: return "never ran"
        case .exited, .stopped:
            let how = exitCode.map { "exit code \($0)" } ?? signal ?? "not seen"
            return "\(phase == .stopped ? "stopped, " : "")\(how)\(oom)"
        case .scheduled, .waiting, .starting, .running, .stopping, .restarting, .failed: return phase.rawValue
        }
    }

    var isWell: Bool { phase == .stopped || phase != .failed && exitCode ?? 0 == 0 && !wasOutOfMemory }
}
