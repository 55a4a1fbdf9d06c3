internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose logs`: what the services have printed.
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what the services have printed.",
        discussion: """
            EXAMPLES:
              gocker-compose logs                 everything that is kept
              gocker-compose logs -f -n 20 web    the last lines of one service, and what comes
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Go on with what they print from now on.")
    var follow = false

    @Flag(name: .shortAndLong, help: "Show when each line was printed.")
    var timestamps = false

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Show the last lines only.", valueName: "lines"))
    var tail: Int?

    @Argument(help: "The services to show (default: all).")
    var services: [String] = []

    func run() throws {
        let project = try options.project()
        let directory = options.directory(of: project)
        guard let view = try? LogView(directory, services: services) else {
            throw Failure("\(project) has no logs: it is not there")
        }
        var screen = LogScreen(view, showsTimes: timestamps)
        let signals = try SignalQueue([.interrupt, .terminate])
        try screen.show(tail: tail)
        if follow { _ = try screen.follow(signals: signals) }
    }
}
