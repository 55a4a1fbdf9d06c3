internal import ArgumentParser
internal import Compose
internal import JSON
internal import Linux

/// `gocker-compose events`.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show how everything is, then what happens to it.",
        discussion: """
            Until Ctrl-C, or the end of the stack. The first lines, of kind "state", are a snapshot: no event is missed \
            between them and the next. With --since they are what has happened since then, as far as the supervisor \
            remembers: its last thousand events, and none of before it began. Times are as with logs.

            EXAMPLES:
              gocker-compose events
              gocker-compose events --json web                  an object a line
              gocker-compose events --since 10m --until 0s      what has happened, and nothing more
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(help: "An object a line.")
    var json = false

    @Option(help: ArgumentHelp("Begin with what has happened since then.", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("End then.", valueName: "time"))
    var until: TimeArgument?

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws {
        let target = try StackTarget(options, words: words)
        guard let session = StackSession(running: target.directory) else {
            throw Failure("\(target.directory.project) has no supervisor: nothing happens to it")
        }
        let signals = try SignalQueue([.interrupt, .terminate])
        if let since { try session.recall(since: since.time) }
        try session.watch()
        let poller = try Poller()
        try session.add(to: poller, token: 0)
        try poller.add(signals.descriptor, token: 1)
        var isPast = true
        while isPast || !isOver {
            let events = try poller.wait(timeout: isPast ? nil : until.map { $0.time.fromNow })
            for event in events {
                if event.token == 1 { throw ExitCode(130) }
                guard let words = session.hear() else { return }
                for word in words {
                    if case .watching = word { isPast = false }
                    if case .event(let event) = word, isAsked(for: event, of: target) {
                        writeLine(json ? Self.object(event) : Self.line(event), to: .standardOutput)
                    }
                }
            }
        }
    }

    private var isOver: Bool { until.map { $0.time <= .now } ?? false }

    private func isAsked(for event: StackEvent, of target: StackTarget) -> Bool {
        guard target.names.isEmpty || target.includes(event.instance) else { return false }
        if let until, event.time > until.time.nanosecondsSinceEpoch { return false }
        // How things are now is no part of what has happened since then.
        return event.kind != .state || since == nil
    }

    private static func line(_ event: StackEvent) -> String {
        let detail = event.detail.map { " (\($0))" } ?? ""
        return "\(WallTime(nanosecondsSinceEpoch: event.time)) \(event.instance) \(event.kind.rawValue)\(detail)"
    }

    private static func object(_ event: StackEvent) -> String {
        let service = event.instance.split(separator: "-").dropLast().joined(separator: "-")
        return JSONWriter.compact(
            .object([
                ("time", .string("\(WallTime(nanosecondsSinceEpoch: event.time))")),
                ("instance", .string(event.instance)), ("service", .string(service)),
                ("event", .string(event.kind.rawValue)), ("detail", event.detail.map { .string($0) } ?? .null),
                ("exitCode", event.exitCode.map { .integer(Int64($0)) } ?? .null),
            ]))
    }
}
