internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose`: a stack of containers, from one file.
struct GockerCompose: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gocker-compose",
        abstract: "Run and supervise a stack of isolated services.",
        discussion: """
            The stack file is the one named, or the first of stack.yaml, stack.yml, compose.yaml, compose.yml, \
            docker-compose.yaml and docker-compose.yml in the working directory or the nearest one above.

            EXAMPLES:
              gocker-compose up stack.yaml       start a stack and show what it prints
              gocker-compose up -d               start it in the background
              gocker-compose ps                  see how it does
              gocker-compose logs -f web         follow one service
              gocker-compose down                take it all away

            EXIT CODES: 0 done; 1 the stack or the command failed; 130 stopped by Ctrl-C.
            """,
        version: "gocker-compose \(Version.current)",
        subcommands: [
            UpCommand.self, DownCommand.self, PsCommand.self, LogsCommand.self, ConfigCommand.self, CheckCommand.self,
            PlanCommand.self, GraphCommand.self, SchemaCommand.self, VersionCommand.self, LsCommand.self,
            StatsCommand.self, PortCommand.self, ImagesCommand.self, ExecCommand.self,
            TopCommand.self, CopyCommand.self, RunCommand.self,
        ]
    )

    /// ArgumentParser would call it an unexpected argument.
    private static func refuseUnknownCommand(_ word: String?) throws {
        let known = configuration.subcommands.flatMap { [$0._commandName] + $0.configuration.aliases } + ["help"]
        guard let word, !word.hasPrefix("-"), !known.contains(word) else { return }
        let meant = NearestName.find(word, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        throw Failure("unknown command \"\(word)\"\(meant)\nSee \"gocker-compose --help\".")
    }

    static func runAndExit() -> Never {
        do {
            let words = CommandLineOrder.normalize(Array(CommandLine.arguments.dropFirst()))
            try refuseUnknownCommand(words.first)
            var command = try parseAsRoot(words)
            try command.run()
            exitImmediately(0)
        } catch let code as ExitCode {
            exitImmediately(code.rawValue)
        } catch let failure as Failure {
            let isJSON = Appearance.progress == .json
            writeLine(
                isJSON ? ProgressRecord.error(failure.message) : "gocker-compose: \(failure.message)",
                to: .standardError)
            exitImmediately(1)
        } catch {
            if exitCode(for: error) == .success {
                writeLine(fullMessage(for: error), to: .standardOutput)
                exitImmediately(0)
            }
            writeLine(message(for: error), to: .standardError)
            exitImmediately(1)
        }
    }
}

/// An error that ends the program: one sentence.
struct Failure: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
