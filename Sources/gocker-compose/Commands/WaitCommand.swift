internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose wait`.
struct WaitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until a service has ended, and end as it did.",
        discussion: """
            Returns once the first instance of the services has ended for good. Prints its exit code, too.

            EXAMPLES:
              gocker-compose wait tests
              gocker-compose wait --down-project tests    then take everything away
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(help: "Take the whole stack away then.")
    var downProject = false

    @Argument(help: ArgumentHelp("Services or instances.", valueName: "service"), completion: .services)
    var services: [String]

    func run() throws {
        let target = try StackTarget(options, words: services)
        let code = try Self.firstEnd(of: target)
        writeLine("\(code)", to: .standardOutput)
        if downProject { try DownCommand.takeDown(target.directory, within: nil) }
        if code != 0 { throw ExitCode(code) }
    }

    private static func firstEnd(of target: StackTarget) throws -> Int32 {
        guard let session = StackSession(running: target.directory) else { return try lastEnd(of: target) }
        try session.watch()
        while let words = session.hear() {
            for case .event(let event) in words where target.includes(event.instance) {
                switch event.kind {
                // An end that nobody saw counts as a failure.
                case .exited, .stopped: return event.exitCode ?? 1
                case .failed: return 1
                case .state where ["exited", "stopped", "failed"].contains(event.detail):
                    return event.exitCode ?? 1
                default: break
                }
            }
        }
        return try lastEnd(of: target)
    }

    /// Without a supervisor nothing ends any more.
    private static func lastEnd(of target: StackTarget) throws -> Int32 {
        let record = StackState(target.directory)?.instances.first { target.includes($0.name) && $0.phase.isOver }
        guard let record else { throw Failure("nobody supervises the stack; start it with: gocker-compose up -d") }
        return record.exitCode ?? 1
    }
}

extension StackTarget {
    /// Whether an instance is one of those that are named.
    func includes(_ instance: String) -> Bool {
        names.contains(instance) || names.contains(instance.split(separator: "-").dropLast().joined(separator: "-"))
    }
}
