internal import Compose

/// What instances use, as `stats` shows it.
enum StatsTable {
    static func of(_ entries: [UsageMeter.Entry]) -> Table {
        let columns: [Table.Column] = [
            .init(title: "NAME"), .init(title: "CPU", isNumeric: true), .init(title: "MEMORY", isNumeric: true),
            .init(title: "LIMIT", isNumeric: true), .init(title: "MEM", isNumeric: true),
            .init(title: "PEAK", isNumeric: true), .init(title: "PSI C/M/IO%", isNumeric: true),
            .init(title: "THROTTLED", isNumeric: true), .init(title: "READ", isNumeric: true),
            .init(title: "WRITTEN", isNumeric: true), .init(title: "PIDS", isNumeric: true),
            .init(title: "OOM", isNumeric: true), .init(title: "HITS", isNumeric: true),
        ]
        return Table(columns: columns, rows: entries.map(row))
    }

    private static func row(of entry: UsageMeter.Entry) -> [Table.Cell] {
        let use = entry.instance.usage
        func alarming(_ count: Int?) -> Table.Cell {
            .init(count.map(String.init) ?? "-", count ?? 0 > 0 ? .red : .plain)
        }
        return [
            .init(entry.instance.row.name, entry.instance.isRunning ? .plain : .dim),
            .init(Units.percent(entry.processorShare)), .init(Units.bytes(use?.memory)),
            .init(Units.bytes(use?.memoryLimit)),
            .init(Units.percent(entry.memoryShare), entry.memoryShare ?? 0 >= 90 ? .red : .plain),
            .init(Units.bytes(use?.memoryPeak)),
            .init(Units.pressures([use?.processorPressure, use?.memoryPressure, use?.storagePressure])),
            .init(Units.seconds(nanoseconds: use?.throttledTime)), .init(Units.bytes(use?.readBytes)),
            .init(Units.bytes(use?.writtenBytes)), .init(Units.ratio(use?.processes, of: use?.processLimit)),
            alarming(use?.outOfMemoryKills), alarming(use?.processLimitHits),
        ]
    }
}
