internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose analyze`: where the time of the last start went.
struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Show where the time of the last start went.",
        discussion: """
            The critical chain is what the stack was ready by: the instance that was ready last, and what it waited for. \
            OWN is from when an instance was let go to when it was ready: healthy where its health is known, else running.

            EXAMPLES:
              gocker-compose analyze
              gocker-compose analyze --svg start.svg     a picture: waiting, being set up, getting healthy
              gocker-compose analyze --format json
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @OptionGroup var options: StackOptions

    @Option(help: "table or json.")
    var format = Format.table

    @Option(help: ArgumentHelp("Write a picture instead.", valueName: "file"), completion: .file(extensions: ["svg"]))
    var svg: String?

    @Argument(help: "The stack file.")
    var stack: String?

    func run() throws {
        let project = try options.project(stack: stack)
        guard let analysis = StartAnalysis(options.directory(of: project)) else {
            throw Failure("nothing of \(project) has been started")
        }
        if let svg {
            do {
                try replaceFile(svg, with: analysis.svg.utf8, mode: 0o644)
            } catch {
                throw Failure("\(error)")
            }
            return
        }
        if format == .json { return writeLine(analysis.json, to: .standardOutput) }
        writeLine("\(project) was ready after \(Self.time(analysis.total)), by this chain:", to: .standardOutput)
        for (depth, entry) in analysis.criticalChain.enumerated() {
            let indent = String(repeating: "  ", count: depth)
            writeLine(
                "  \(indent)\(entry.name) at \(Self.time(entry.ready)), \(Self.time(entry.own)) by itself",
                to: .standardOutput)
        }
        writeLine("", to: .standardOutput)
        writeLines(Self.table(analysis).lines(), to: .standardOutput)
    }

    private static func table(_ analysis: StartAnalysis) -> Table {
        Table(
            columns: [
                Table.Column(title: "INSTANCE"), Table.Column(title: "OWN", isNumeric: true),
                Table.Column(title: "WAITED", isNumeric: true), Table.Column(title: "FOR"),
                Table.Column(title: "SET UP", isNumeric: true), Table.Column(title: "GOT HEALTHY", isNumeric: true),
            ],
            rows: analysis.entries.map { entry in
                [
                    Table.Cell(entry.name), Table.Cell(time(entry.own)),
                    Table.Cell(time(entry.released - entry.wanted)),
                    Table.Cell(entry.waitedFor), Table.Cell(time(entry.started - entry.released)),
                    Table.Cell(time(entry.ready - entry.started)),
                ]
            })
    }

    /// Milliseconds below a second.
    private static func time(_ seconds: Double) -> String {
        if seconds >= 1 { return ProgressLayout.duration(.milliseconds(Int(seconds * 1000))) }
        let tenths = Int((seconds * 10_000).rounded())
        return "\(tenths / 10).\(tenths % 10)ms"
    }
}
