internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose logs`: what the services have printed.
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what the services have printed.",
        discussion: """
            Lines of all services come in the order of their times, those of one in the order in which they were printed. \
            What went to standard error goes to standard error. Times are RFC 3339 (2026-11-23T22:20:00Z, or 2026-11-23, \
            local where there is no zone), seconds since 1970, or how long ago (10m, 1h30m). --grep takes an extended \
            regular expression of POSIX, see regex(7), and looks at the bytes of each line.

            EXAMPLES:
              gocker-compose logs                       everything that is kept
              gocker-compose logs -f -n 20 web          the last lines of one service, and what comes
              gocker-compose logs --since 10m --grep ERROR
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Go on with what they print from now on.")
    var follow = false

    @Flag(name: .shortAndLong, help: "Show when each line was printed.")
    var timestamps = false

    @Option(
        name: [.customShort("n"), .long],
        help: ArgumentHelp("Show only so many of the last lines of each instance, or all.", valueName: "lines"))
    var tail: String = "all"

    @Option(help: ArgumentHelp("Show lines from then on.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Show lines until then.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Show only lines that match.", valueName: "regex"))
    var grep: String?

    @Option(help: "text, or json: an object a line.")
    var format: Format = .text

    @Option(help: ArgumentHelp("Show only the instance with this number of each service.", valueName: "number"))
    var index: Int?

    @Flag(help: "Show the lines alone, without the names of their instances.")
    var noLogPrefix = false

    @Flag(help: "Show no colours.")
    var noColor = false

    @Argument(help: "The services to show (default: all).")
    var services: [String] = []

    func run() throws {
        let project = try options.project()
        let directory = options.directory(of: project)
        let query = try query()
        let printed = LogSources(directory)
        try refuseUnknown(among: printed)
        for sentence in printed.unreadable(services) { writeLine("gocker-compose: \(sentence)", to: .standardError) }
        // Many instances have many files.
        if let limit = try? ResourceLimit(current: .openFiles) {
            try? setResourceLimit(ResourceLimit(limit.kind, soft: limit.hard, hard: limit.hard))
        }
        guard (try? FileStatus.of(directory.logs)) != nil else {
            throw Failure("\(project) has no logs: it is not there")
        }
        var screen = LogScreen(try LogView(directory, query), style: style)
        try screen.show()
        guard follow else { return }
        if try screen.follow(signals: try SignalQueue([.interrupt, .terminate])) { throw ExitCode(130) }
    }

    private var style: LogPrinter.Style {
        var style = LogPrinter.Style()
        style.isColoured = !noColor && OutputStream.standardOutput.isColoured
        style.showsNames = !noLogPrefix
        style.showsTimes = timestamps
        style.isJSON = format == .json
        return style
    }

    private func query() throws -> LogQuery {
        var query = LogQuery()
        query.services = services
        query.index = index
        if tail != "all" {
            guard let number = Int(tail), number >= -1 else {
                throw Failure("expected a number or \"all\" for --tail, found \"\(tail)\"")
            }
            // As with Docker.
            query.tail = number == -1 ? nil : number
        }
        query.since = try time(since, "--since")
        query.until = try time(until, "--until")
        if let grep { query.pattern = try pattern(grep) }
        return query
    }

    private func pattern(_ text: String) throws -> RegularExpression {
        do {
            return try RegularExpression(text)
        } catch {
            throw Failure("--grep \"\(text)\" is no regular expression: \(error.reason)")
        }
    }

    private func time(_ text: String?, _ option: String) throws -> WallTime? {
        guard let text else { return nil }
        guard let time = TimeText.parse(text, now: .now) else {
            throw Failure("expected \(TimeText.expected) for \(option), found \"\(text)\"")
        }
        return time
    }

    private func refuseUnknown(among printed: LogSources) throws {
        guard let unknown = services.first(where: { !printed.has($0) }) else { return }
        let hint = printed.nearest(to: unknown).map { "; did you mean \"\($0)\"?" } ?? ""
        throw Failure("no such service: \(unknown)\(hint)")
    }
}
