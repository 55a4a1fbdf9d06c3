internal import Compose

/// The instances as `ps` shows them.
enum StatusTable {
    static func of(_ instances: [InstanceReport], isWide: Bool) -> Table {
        var columns: [Table.Column] = [
            .init(title: "NAME"), .init(title: "STATE"), .init(title: "HEALTH", isOptional: true), .init(title: "EXIT"),
            .init(title: "RESTARTS", isNumeric: true), .init(title: "UPTIME", isNumeric: true),
            .init(title: "PIDS", isNumeric: true), .init(title: "OOM"),
        ]
        if isWide { columns += wideColumns }
        columns.append(.init(title: "REASON", isOptional: true, widest: 48))
        return Table(columns: columns, rows: instances.map { row(of: $0, isWide: isWide) })
    }

    private static let wideColumns: [Table.Column] = [
        .init(title: "PID", isNumeric: true), .init(title: "MEMORY", isNumeric: true),
        .init(title: "PEAK", isNumeric: true), .init(title: "LIMIT", isNumeric: true),
        .init(title: "PSI C/M/IO%", isNumeric: true), .init(title: "THROTTLED", isNumeric: true),
        .init(title: "PIDS LIMIT", isNumeric: true), .init(title: "HITS", isNumeric: true),
    ]

    private static func row(of instance: InstanceReport, isWide: Bool) -> [Table.Cell] {
        let row = instance.row
        var cells: [Table.Cell] = [
            .init(row.name), .init(row.state, style(ofState: row.state)),
            .init(instance.health ?? "-", style(ofHealth: instance.health)), .init(row.exit),
            .init("\(row.restarts)", row.restarts > 0 ? .yellow : .plain), .init(row.uptimeSeconds.map(Units.age)),
            .init(row.processes.map(String.init)),
            .init(row.outOfMemory ? "yes" : "-", row.outOfMemory ? .red : .plain),
        ]
        if isWide {
            let use = instance.usage
            let hits = use?.processLimitHits ?? 0
            cells += [
                .init(row.processID.map(String.init)), .init(Units.bytes(use?.memory)),
                .init(Units.bytes(use?.memoryPeak)), .init(Units.bytes(use?.memoryLimit)),
                .init(Units.pressures([use?.processorPressure, use?.memoryPressure, use?.storagePressure])),
                .init(Units.seconds(nanoseconds: use?.throttledTime)), .init(use?.processLimit.map(String.init)),
                .init("\(hits)", hits > 0 ? .red : .plain),
            ]
        }
        return cells + [.init(row.reason)]
    }

    private static func style(ofState state: String) -> TextStyle {
        switch state {
        case "running": .green
        case "failed", "lost": .red
        case "restarting", "stopping", "paused": .yellow
        case "waiting", "starting": .cyan
        default: .plain
        }
    }

    private static func style(ofHealth health: String?) -> TextStyle {
        switch health {
        case "healthy": .green
        case "unhealthy": .red
        default: .plain
        }
    }
}
