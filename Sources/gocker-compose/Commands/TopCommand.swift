internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose top`: the processes of the services.
struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show the processes of the services.",
        discussion: """
            As ps -ef shows them, with the host's numbers. Commands of gocker-compose exec are among them.

            EXAMPLES:
              gocker-compose top                 all services
              gocker-compose top --format json web
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @OptionGroup var options: StackOptions

    @Option(help: "table or json.")
    var format: Format = .table

    @Argument(help: "The services to show (default: all).")
    var services: [String] = []

    func run() throws {
        do {
            let stack = try RunningStack(options.directory(of: try options.project()))
            let table = ProcessTable(try stack.runningInstances(of: services))
            switch format {
            case .table: writeLine(Self.text(table.rows), to: .standardOutput)
            case .json: writeLine(table.json, to: .standardOutput)
            }
        } catch let failure as ExecutionFailure {
            throw tell(failure)
        }
    }

    private static func text(_ rows: [ProcessTable.Row]) -> String {
        let header = ["INSTANCE", "UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]
        let lines = rows.map { row in
            [
                row.instance, row.user, "\(row.pid)", "\(row.ppid)", "\(row.processorPercent)", row.started,
                row.terminal, row.processorTime, visible(row.command),
            ]
        }
        let table = [header] + lines
        // Nothing comes behind the last one.
        let widths = header.indices.dropLast().map { column in table.map { $0[column].count }.max() ?? 0 } + [0]
        return table.map { line in
            zip(line, widths).map { $0 + String(repeating: " ", count: max(0, $1 - $0.count)) }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// A process may call itself anything: nothing of it is to reach the terminal as an order.
    private static func visible(_ command: String) -> String { "\(PathBytes(command))" }
}
