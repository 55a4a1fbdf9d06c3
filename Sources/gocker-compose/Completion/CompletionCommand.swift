internal import ArgumentParser
internal import Linux
internal import Manual

/// `gocker-compose completion`: what a shell needs to complete command lines.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script of a shell.",
        discussion: """
            Commands and options are completed, and the names of services, projects and profiles that are there.

            EXAMPLES:
              eval "$(gocker-compose completion bash)"     in ~/.bashrc
              eval "$(gocker-compose completion zsh)"      in ~/.zshrc, behind compinit
              gocker-compose completion fish | source      in ~/.config/fish/config.fish
            """
    )

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    func run() {
        let script: CompletionScript =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        writeBytes(script.text(for: "gocker-compose").utf8, to: .standardOutput)
    }

    /// Answers the script where it asks; otherwise returns at once. Before the command line is read as one, because what
    /// is being typed is none yet.
    static func answerIfAsked(_ words: [String]) {
        switch words.first {
        case "__complete":
            let typed = Array(words.dropFirst())
            let completer = Completer(Pages.program) { kind in CompletionNames(typed).names(kind) }
            writeBytes(completer.complete(typed).lines.utf8, to: .standardOutput)
        case "__names":
            let names = CompletionNames([]).names(words.dropFirst().first ?? "")
            writeBytes(names.map { "\($0)\n" }.joined().utf8, to: .standardOutput)
        default: return
        }
        exitImmediately(0)
    }
}
