internal import ArgumentParser
internal import Compose
internal import Linux

/// How a command in a service differs from the service.
struct CommandOptions: ParsableArguments {
    @OptionGroup var process: ProcessOptions

    @Flag(help: "Give the command all capabilities.")
    var privileged = false

    func command(_ arguments: [String]) throws -> ServiceCommand {
        var command = ServiceCommand(arguments)
        command.environment = try process.variables(from: environmentVariable)
        command.workingDirectory = try process.workingDirectory()
        command.user = process.user
        command.isPrivileged = privileged
        return command
    }
}

/// Whether a command gets a terminal.
struct TerminalOptions: ParsableArguments {
    @Flag(name: [.customShort("T"), .customLong("no-tty"), .customLong("no-TTY")], help: "Give it no terminal.")
    var noTerminal = false

    @Flag(name: [.short, .long], help: "Give it a terminal (default: where there is one to pass on).")
    var tty = false

    @Flag(name: .shortAndLong, inversion: .prefixedNo, help: "Pass standard input on.")
    var interactive = true

    var attachment: RunningInstance.Attachment {
        if !noTerminal, interactive, tty || (isTerminal(0) && isTerminal(1)) { return .terminal }
        return interactive ? .streams : .outputs
    }
}

extension [String] {
    /// The service, and what follows it.
    func splitAtService(of command: some ParsableCommand) throws -> (service: String, rest: [String]) {
        let name = type(of: command).configuration.commandName ?? ""
        guard let first else { throw Failure("\(name): no service named") }
        // All that follows is the words of another command, but here.
        if first == "--help" || first == "-h" { throw CleanExit.helpRequest(command) }
        // Options of ours come before the service: what looks like one here is none that we know.
        guard !first.hasPrefix("-") else { throw Failure("\(name): unknown option \"\(first)\"") }
        return (first, Array(dropFirst()))
    }
}

/// Says what went wrong.
///
/// - Returns: the exit code to end with.
func tell(_ failure: ExecutionFailure) -> ExitCode {
    writeLine("gocker-compose: \(failure)", to: .standardError)
    return ExitCode(failure.exitCode)
}
