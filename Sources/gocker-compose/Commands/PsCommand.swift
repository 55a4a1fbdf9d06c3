internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose ps`: how the instances do.
struct PsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps", abstract: "Show the state of every service.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @OptionGroup var options: StackOptions

    @Option(help: "table or json.")
    var format: Format = .table

    @Argument(help: "The stack file.")
    var stack: String?

    func run() throws {
        let project = try options.project(stack: stack)
        let directory = options.directory(of: project)
        guard let status = StackStatus(directory) else {
            guard format == .table else { return writeLine("[]", to: .standardOutput) }
            return writeLine("\(project) is not there.", to: .standardError)
        }
        switch format {
        case .table: writeLine(StatusTable.render(status.rows), to: .standardOutput)
        case .json: writeLine(status.json, to: .standardOutput)
        }
        if !status.isSupervised, status.rows.contains(where: { $0.processes ?? 0 > 0 }) {
            writeLine(
                "The supervisor of \(project) has died; its services run on. "
                    + "gocker-compose up or down brings order.", to: .standardError)
        }
    }
}

/// The rows of `ps` as columns.
enum StatusTable {
    static func render(_ rows: [StackStatus.Row]) -> String {
        let header = ["NAME", "STATE", "EXIT", "RESTARTS", "UPTIME", "PIDS", "OOM"]
        let lines = rows.map { row in
            [
                row.name, row.state, row.exit ?? "-", "\(row.restarts)", row.uptimeSeconds.map(duration) ?? "-",
                row.processes.map(String.init) ?? "-", row.outOfMemory ? "yes" : "-",
            ]
        }
        let table = [header] + lines
        let widths = header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { line in
            let cells = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let text = cells.joined(separator: "  ")
            return String(text.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    /// With the two largest units: `3s`, `2m 5s`, `4h 1m`, `3d 2h`.
    static func duration(_ seconds: Double) -> String {
        let total = Int(seconds)
        let units = [("d", total / 86400), ("h", total / 3600 % 24), ("m", total / 60 % 60), ("s", total % 60)]
        let shown = units.drop { $0.1 == 0 }.prefix(2).filter { $0.1 != 0 }
        return shown.isEmpty ? "0s" : shown.map { "\($0.1)\($0.0)" }.joined(separator: " ")
    }
}
