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

    @OptionGroup var options: StackOptions

    @Option(help: ListingFormat.help)
    var format = ListingFormat.table

    @Argument(help: "The services to show (default: all).", completion: .services)
    var services: [String] = []

    func run() throws {
        do {
            let stack = try RunningStack(options.directory(of: try options.project()))
            let rows = ProcessTable(try stack.runningInstances(of: services)).rows
            let lines = try format.lines(of: rows.map(\.json)) { Self.table(of: rows).lines() }
            writeLines(lines, to: .standardOutput)
        } catch let failure as ExecutionFailure {
            throw tell(failure)
        }
    }

    private static func table(of rows: [ProcessTable.Row]) -> Table {
        let columns: [Table.Column] = [
            .init(title: "INSTANCE"), .init(title: "UID"), .init(title: "PID", isNumeric: true),
            .init(title: "PPID", isNumeric: true), .init(title: "C", isNumeric: true), .init(title: "STIME"),
            .init(title: "TTY"), .init(title: "TIME"), .init(title: "CMD"),
        ]
        let cells: [[Table.Cell]] = rows.map { row in
            [
                .init(row.instance), .init(row.user), .init("\(row.pid)"), .init("\(row.ppid)"),
                .init("\(row.processorPercent)"), .init(row.started), .init(row.terminal), .init(row.processorTime),
                .init(visible(row.command)),
            ]
        }
        return Table(columns: columns, rows: cells)
    }

    /// A process may call itself anything: nothing of it is to reach the terminal as an order.
    private static func visible(_ command: String) -> String { "\(PathBytes(command))" }
}
