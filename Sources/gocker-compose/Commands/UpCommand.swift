internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose up`: makes the stack what its file says.
struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start a stack; or, where it runs, make it what its file says now.",
        discussion: """
            In the foreground it shows what the services print; Ctrl-C stops them in order, a second Ctrl-C kills them. \
            With -d it returns once every service has started, with --wait once every one is healthy. Where the stack \
            runs already, unchanged services are left alone, changed ones are recreated and removed ones are reported. \
            A service that has done its work, with exit code 0 and no policy to restart it, is done until it changes.

            EXAMPLES:
              gocker-compose up                             the stack of this directory, in the foreground
              gocker-compose up -d --wait                   in the background, once all is healthy
              gocker-compose up -d --scale web=3 web        three instances of one service, and what it needs
              gocker-compose up --exit-code-from tests      run the tests, and end as they do
              gocker-compose --dry-run up                   say what would change

            EXIT CODE: 0 done; 1 something failed; 130 stopped by Ctrl-C; with --exit-code-from and --abort-on-… that of \
            the service.
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Leave the stack running in the background.")
    var detach = false

    @Flag(help: "Return once everything is running and healthy, or done. Implies -d.")
    var wait = false

    @Option(help: ArgumentHelp("How long to wait at most.", valueName: "seconds"))
    var waitTimeout: Double?

    @Flag(help: "Make everything ready, and start nothing.")
    var noStart = false

    @OptionGroup var up: UpOptions

    @OptionGroup(title: "IN THE FOREGROUND") var attachment: AttachmentOptions

    @Argument(
        help: ArgumentHelp("The stack file, or services.", valueName: "stack or service"), completion: .services)
    var words: [String] = []

    mutating func validate() throws {
        if detach || wait, let option = attachment.firstGiven {
            throw ValidationError("\(detach ? "-d" : "--wait") and \(option) exclude each other")
        }
        if waitTimeout != nil, !wait { throw ValidationError("--wait-timeout needs --wait") }
    }

    func run() throws {
        var preparation = try UpPreparation(options, up, words: words)
        try attachment.check(preparation.stack)
        if options.dryRun { return preparation.printPlan() }
        preparation.showPlan()
        preparation.request.starts = !noStart
        preparation.request.waitsForHealth = wait
        preparation.request.waitTimeout = waitTimeout
        if detach || wait || noStart {
            try DetachedUp.run(preparation)
        } else {
            try AttachedRun(preparation, attachment).run()
        }
    }
}

/// `up -d`, `create`: returns once the supervisor has done what it was asked.
enum DetachedUp {
    static func run(_ preparation: UpPreparation, verb: String = "up") throws {
        let display = ProgressDisplay(verb: verb, instances: preparation.instances)
        defer { display.end() }
        let failed = try StackClient(preparation.directory).up(
            preparation.request, onEvent: display.show, whileWaiting: display.wait)
        guard failed.isEmpty else { throw ExitCode(1) }
    }
}
