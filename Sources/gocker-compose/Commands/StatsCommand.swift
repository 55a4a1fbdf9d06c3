internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose stats`: what the instances use.
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show what every service uses, each second.",
        discussion: """
            PSI is for how much of the last ten seconds something in the service waited for a processor, for memory and \
            for storage, in per cent. PEAK, THROTTLED, OOM (kills) and HITS (of the limit on processes) are of the \
            present run. A dash is what this machine does not count.

            EXAMPLES:
              gocker-compose stats                    until Ctrl-C
              gocker-compose stats --no-stream web    once, one service
              gocker-compose stats --format ndjson    an object a service and second
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(help: "Print once and end; so it is where standard output is no terminal and the format a table.")
    var noStream = false

    @Flag(name: .shortAndLong, help: "Also what does not run.")
    var all = false

    @Option(help: ListingFormat.help)
    var format = ListingFormat.table

    @Flag(help: "Do not cut lines to the terminal.")
    var noTrunc = false

    @Argument(
        help: ArgumentHelp("The stack file, or services.", valueName: "stack or service"), completion: .services)
    var words: [String] = []

    /// How far apart two looks are: often enough for people, and longer than what a look costs.
    private static let period = Duration.seconds(1)

    func run() throws {
        let project = try options.project(words: words)
        var meter = UsageMeter(options.directory(of: project))
        guard try look(&meter) != nil else { throw Failure("\(project) is not there") }
        let screen = StatsScreen(isPainted: format == .table && OutputStream.standardOutput.isTerminal && !noStream)
        let isOnce = noStream || format == .table && !OutputStream.standardOutput.isTerminal
        let signals = try SignalQueue([.interrupt, .terminate, .hangUp, .windowChanged])
        // A share of time needs two looks; the first time they need not be a second apart.
        var pause = Duration.milliseconds(250)
        while true {
            switch try screen.wait(pause, signals) {
            case .ended(let code): throw ExitCode(code)
            case .resized: screen.repaint()
            case .timePassed:
                pause = Self.period
                guard let entries = try look(&meter) else {
                    return writeLine("\(project) is not there any more.", to: .standardError)
                }
                let lines = try format.lines(of: entries.map(\.json)) { StatsTable.of(entries).lines() }
                screen.show(lines, isCut: !noTrunc)
                if isOnce { return }
            }
        }
    }

    private func look(_ meter: inout UsageMeter) throws -> [UsageMeter.Entry]? {
        guard let report = meter.look(at: .now) else { return nil }
        let selection = try ServiceSelection(words, in: report.stack)
        return report.entries.filter { selection.contains($0.instance) && (all || $0.instance.isRunning) }
    }
}
