internal import ArgumentParser
internal import Compose
internal import JSON

/// `gocker-compose ls`: the stacks there are.
struct LsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List the stacks of this machine.",
        discussion: """
            EXAMPLES:
              gocker-compose ls                  those that run
              gocker-compose ls -a               also those of which nothing runs
              gocker-compose ls --format json    an array, for scripts
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Also stacks of which nothing runs.")
    var all = false

    @Flag(name: .shortAndLong, help: "Print the names only.")
    var quiet = false

    @Option(help: ArgumentHelp("Only those whose names have this in them: name=TEXT. Repeatable.", valueName: "filter"))
    var filter: [String] = []

    @Option(help: ListingFormat.help)
    var format = ListingFormat.table

    mutating func validate() throws {
        for filter in filter where !filter.hasPrefix("name=") {
            throw ValidationError("--filter \(filter): expected name=TEXT")
        }
    }

    func run() throws {
        let parts = filter.map { $0.dropFirst("name=".count) }
        let reports = StackDirectory.projects.compactMap { project -> StackReport? in
            guard parts.isEmpty || parts.contains(where: { project.text.contains($0) }) else { return nil }
            return StackReport(options.directory(of: project), measuresUse: false)
        }.filter { all || $0.isSupervised || $0.instances.contains(where: \.isRunning) }
        if quiet { return writeLines(reports.map { StyledLine($0.project.text) }, to: .standardOutput) }
        let lines = try format.lines(of: reports.map(Self.json)) { Self.table(of: reports).lines() }
        writeLines(lines, to: .standardOutput)
    }

    private static func table(of reports: [StackReport]) -> Table {
        let columns: [Table.Column] = [
            .init(title: "NAME"), .init(title: "STATUS"), .init(title: "SUPERVISED"), .init(title: "DIRECTORY"),
            .init(title: "FILES"),
        ]
        let rows: [[Table.Cell]] = reports.map { report in
            [
                .init(report.project.text), .init(report.summary),
                report.isSupervised ? .init("yes", .green) : .init("no", .yellow), .init(report.directory),
                .init(report.files.joined(separator: ",")),
            ]
        }
        return Table(columns: columns, rows: rows)
    }

    private static func json(_ report: StackReport) -> JSONValue {
        [
            "name": .string(report.project.text), "status": .string(report.summary),
            "supervised": .boolean(report.isSupervised), "directory": .string(report.directory),
            "config_files": .array(report.files.map { .string($0) }),
        ]
    }
}
