internal import ArgumentParser
internal import Compose
internal import Linux
internal import Manual

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

            EXIT CODES: 0 done; 1 the stack, the command or its use was wrong; 2 (plan) something would change; 130 \
            stopped by Ctrl-C; run and exec end with the code of what they ran.
            """,
        version: "gocker-compose \(Version.current)",
        groupedSubcommands: [
            CommandGroup(
                name: "START AND STOP",
                subcommands: [
                    UpCommand.self, DownCommand.self, CreateCommand.self, StartCommand.self, StopCommand.self,
                    RestartCommand.self, KillCommand.self, PauseCommand.self, UnpauseCommand.self, RmCommand.self,
                    ScaleCommand.self, WaitCommand.self, UpgradeCommand.self, SuperviseCommand.self,
                    InstallUnitCommand.self,
                ]),
            CommandGroup(
                name: "LOOK",
                subcommands: [
                    PsCommand.self, LogsCommand.self, StatsCommand.self, TopCommand.self, EventsCommand.self,
                    LsCommand.self, ImagesCommand.self, VolumesCommand.self, PortCommand.self, AnalyzeCommand.self,
                ]),
            CommandGroup(
                name: "REACH INTO SERVICES",
                subcommands: [
                    ExecCommand.self, RunCommand.self, AttachCommand.self, CopyCommand.self, ExportCommand.self,
                ]),
            CommandGroup(
                name: "STACK FILES",
                subcommands: [
                    ConfigCommand.self, CheckCommand.self, PlanCommand.self, GraphCommand.self, SchemaCommand.self,
                ]),
            CommandGroup(
                name: "THE PROGRAM", subcommands: [CompletionCommand.self, ManCommand.self, VersionCommand.self]),
        ]
    )

    /// ArgumentParser would call it an unexpected argument.
    private static func refuseUnknownCommand(_ word: String?) throws {
        let known = configuration.subcommands.flatMap { [$0._commandName] + $0.configuration.aliases } + ["help"]
        guard let word, !word.hasPrefix("-"), !known.contains(word) else { return }
        let meant = NearestName.find(word, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        throw Failure("unknown command \"\(word)\"\(meant)\nSee \"gocker-compose --help\".")
    }

    /// The page that a command line asks for: of the innermost command that it names.
    private static func page(for words: [String]) -> CommandPage {
        var page = Pages.program
        for word in words.first == "help" ? words.dropFirst() : words[...] {
            guard let below = page.subcommands.first(where: { $0.word == word }) else { break }
            page = below
        }
        return page
    }

    private static func help(for words: [String]) -> String {
        let page = page(for: words)
        let columns = try? FileDescriptor.duplicate(OutputStream.standardOutput.rawValue).terminalSize().columns
        return HelpPage.text(page, width: columns.map(Int.init) ?? 100, folding: Pages.globals)
    }

    /// Ends the program for a command line that cannot be understood.
    private static func refuse(_ message: String, _ words: [String]) -> Never {
        if Appearance.progress == .json {
            writeLine(ProgressRecord.error(message), to: .standardError)
        } else {
            writeLine("gocker-compose: \(message)\nSee \"\(page(for: words).name) --help\".", to: .standardError)
        }
        exitImmediately(1)
    }

    private static func end(because reason: String) -> Never {
        let isJSON = Appearance.progress == .json
        writeLine(isJSON ? ProgressRecord.error(reason) : "gocker-compose: \(reason)", to: .standardError)
        exitImmediately(1)
    }

    static func runAndExit() -> Never {
        CompletionCommand.answerIfAsked(Array(CommandLine.arguments.dropFirst()))
        do {
            let words = CommandLineOrder.normalize(Array(CommandLine.arguments.dropFirst()))
            try refuseUnknownCommand(words.first)
            var command = try parseAsRoot(words)
            try command.run()
            exitImmediately(0)
        } catch let code as ExitCode {
            exitImmediately(code.rawValue)
        } catch let failure as Failure {
            end(because: failure.message)
        } catch let failure as StackClient.Failure {
            end(because: "\(failure)")
        } catch let error as SystemError {
            end(because: "\(error)")
        } catch {
            let words = CommandLineOrder.normalize(Array(CommandLine.arguments.dropFirst()))
            guard exitCode(for: error) == .success else { refuse(message(for: error), words) }
            let text = fullMessage(for: error)
            // Our own pages are in place of the ones that ArgumentParser makes.
            let isHelp = text.hasPrefix("OVERVIEW: ")
            writeLine(isHelp ? help(for: words) : text, to: .standardOutput)
            exitImmediately(0)
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
