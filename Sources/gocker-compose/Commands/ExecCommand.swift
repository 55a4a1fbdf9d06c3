internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose exec`: a command in a service that runs.
struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command in a service that runs.",
        usage: "gocker-compose exec [<options>] <service> <command> [<argument> ...]",
        discussion: """
            The command sees what the service sees, has its rights and its limits, and ends with it at the latest. From \
            a terminal it gets a terminal; Ctrl-C is for it.

            EXAMPLES:
              gocker-compose exec web sh                  a shell in a service
              gocker-compose exec -T db dump > db.sql     no terminal: bytes as they are
              gocker-compose exec --index 2 web env       in the second instance

            EXIT CODE: the command's own; 128+n where signal n ended it; 126 where it cannot be executed, 127 where it \
            does not exist, 1 for every other problem.
            """
    )

    @OptionGroup var options: StackOptions

    @OptionGroup var command: CommandOptions

    @Flag(name: .shortAndLong, help: "Leave the command running; what it prints is lost.")
    var detach = false

    @OptionGroup var streams: TerminalOptions

    @Option(help: ArgumentHelp("The instance (default: the first that runs).", valueName: "n"))
    var index: Int?

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The service, then the command.", valueName: "service and command"), completion: .services)
    var words: [String] = []

    func run() throws {
        try options.refuseDryRun("exec")
        let (service, arguments) = try words.splitAtService(of: self)
        guard !arguments.isEmpty else {
            throw Failure("exec: no command to run, e.g. gocker-compose exec \(service) sh")
        }
        let directory = options.directory(of: try options.project())
        do {
            let instance = try RunningStack(directory).runningInstance(of: service, index: index)
            if options.dryRun {
                return writeLine("~ \(instance.name)  run: \(arguments.joined(separator: " "))", to: .standardOutput)
            }
            let attachment = detach ? RunningInstance.Attachment.detached : streams.attachment
            let status = try instance.run(try command.command(arguments), attachment)
            throw ExitCode(status?.shellCode ?? 0)
        } catch let failure as ExecutionFailure {
            throw tell(failure)
        }
    }
}
