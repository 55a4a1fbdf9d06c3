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
            between them and the next.

            EXAMPLES:
              gocker-compose events
              gocker-compose events --json web    an object a line
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(help: "An object a line.")
    var json = false

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws {
        let target = try StackTarget(options, words: words)
        guard let session = StackSession(running: target.directory) else {
            throw Failure("\(target.directory.project) has no supervisor: nothing happens to it")
        }
        let signals = try SignalQueue([.interrupt, .terminate])
        try session.watch()
        let poller = try Poller()
        try session.add(to: poller, token: 0)
        try poller.add(signals.descriptor, token: 1)
        while true {
            for event in try poller.wait() {
                if event.token == 1 { throw ExitCode(130) }
                guard let words = session.hear() else { return }
                for case .event(let event) in words where target.names.isEmpty || target.includes(event.instance) {
                    writeLine(json ? Self.object(event) : Self.line(event), to: .standardOutput)
                }
            }
        }
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
