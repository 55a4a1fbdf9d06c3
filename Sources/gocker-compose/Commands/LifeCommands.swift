internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose start`.
struct StartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start instances that there are, and what they need.",
        discussion: """
            EXAMPLES:
              gocker-compose start        everything that was stopped or has ended
              gocker-compose start web    one service
            """
    )

    @OptionGroup var options: StackOptions

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws { try StackTarget(options, words: words).operate(.start, verb: "start") }
}

/// `gocker-compose stop`.
struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop instances, in order, and keep them.",
        discussion: """
            Each gets its stop signal, then its grace period, then it is killed with all it started. What depends on \
            others is stopped before them.

            EXAMPLES:
              gocker-compose stop             everything
              gocker-compose stop -t 2 web    one service, which has two seconds
            """
    )

    @OptionGroup var options: StackOptions

    @Option(name: [.customShort("t"), .long], help: .timeout)
    var timeout: Double?

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws { try StackTarget(options, words: words).operate(.stop(timeout: timeout), verb: "stop") }
}

/// `gocker-compose restart`.
struct RestartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Stop instances and start them again, in order.",
        discussion: """
            What depends on them with restart: true is restarted too. Changes of the stack file need "up".

            EXAMPLES:
              gocker-compose restart
              gocker-compose restart --no-deps web
            """
    )

    @OptionGroup var options: StackOptions

    @Option(name: [.customShort("t"), .long], help: .timeout)
    var timeout: Double?

    @Flag(help: "Leave alone what depends on them.")
    var noDeps = false

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws {
        try StackTarget(options, words: words)
            .operate(.restart(timeout: timeout, cascades: !noDeps), verb: "restart")
    }
}

/// `gocker-compose kill`.
struct KillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Send a signal to instances; without -s, kill them with all they started.",
        discussion: """
            What is killed, or gets its own stop signal, is not started again. Other signals are between you and the \
            service.

            EXAMPLES:
              gocker-compose kill web
              gocker-compose kill -s HUP web    most servers read their configuration again
            """
    )

    @OptionGroup var options: StackOptions

    @Option(
        name: [.customShort("s"), .long], help: ArgumentHelp("A name or a number (default: KILL).", valueName: "signal")
    )
    var signal: String = "KILL"

    @Flag(help: "Also take instances away that the stack file does not have any more.")
    var removeOrphans = false

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws {
        guard let signal = Signal(self.signal) else {
            throw Failure("\"\(self.signal)\" is no signal; expected a name such as HUP, or a number from 1 to 64")
        }
        let target = try StackTarget(options, words: words)
        guard StackClient(target.directory).isAlive else {
            return writeLine("No container to kill", to: .standardError)
        }
        try target.operate(.kill(signal.rawValue), verb: "kill")
    }
}

/// `gocker-compose pause`.
struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stop instances where they are, until \"unpause\".",
        discussion: """
            EXAMPLES:
              gocker-compose pause web
            """
    )

    @OptionGroup var options: StackOptions

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws { try StackTarget(options, words: words, mayBeAbsent: true).operate(.pause, verb: "pause") }
}

/// `gocker-compose unpause`.
struct UnpauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpause",
        abstract: "Let instances go on that were paused.",
        discussion: """
            EXAMPLES:
              gocker-compose unpause web
            """
    )

    @OptionGroup var options: StackOptions

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws { try StackTarget(options, words: words, mayBeAbsent: true).operate(.unpause, verb: "unpause") }
}

/// `gocker-compose rm`.
struct RmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Take instances away that do not run, with their logs and changes.",
        discussion: """
            EXAMPLES:
              gocker-compose rm            what has ended or was stopped
              gocker-compose rm -s web     one service, which is stopped before
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Stop those that run before.")
    var stop = false

    @Flag(name: [.customShort("f"), .customLong("force")], help: "Accepted: nobody is asked.")
    var force = false

    @Flag(name: [.customShort("v"), .customLong("volumes")], help: "Also the volumes that only they have.")
    var volumes = false

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws {
        let target = try StackTarget(options, words: words)
        let before = Set((StackState(target.directory)?.instances ?? []).map(\.name))
        try target.operate(.remove(stops: stop), verb: "rm")
        guard volumes, !options.dryRun else { return }
        let state = StackState(target.directory)
        let after = Set((state?.instances ?? []).map(\.name))
        _ = try VolumeStore(target.directory).removeAll(
            of: before.subtracting(after), in: target.directory.project, state: state)
    }
}

extension ArgumentHelp {
    static var servicesOfStack: ArgumentHelp {
        ArgumentHelp("Services or instances, or the stack file (default: all).", valueName: "service")
    }

    static var timeout: ArgumentHelp {
        ArgumentHelp("How long each has until it is killed, in place of its grace period.", valueName: "seconds")
    }
}
