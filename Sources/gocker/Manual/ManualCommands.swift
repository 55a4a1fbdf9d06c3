internal import Linux
internal import Manual
internal import Runtime

/// `gocker completion` and `gocker man`, and what the completion scripts ask.
enum ManualCommands {
    static func run(_ verb: String, _ words: [String]) throws -> Int32 {
        switch verb {
        case "__complete":
            let completer = Completer(Gocker.page) { $0 == "containers" ? Self.containers : [] }
            printText(completer.complete(words).lines)
        case "completion":
            guard words.count == 1, let script = CompletionScript(rawValue: words[0]) else {
                throw UsageError("completion: expected bash, zsh or fish")
            }
            printText(script.text(for: "gocker"))
        default: try writePages(words)
        }
        return 0
    }

    private static func writePages(_ words: [String]) throws {
        guard words.count < 2, words.first?.hasPrefix("-") != true else {
            throw UsageError("man: expected a directory, or nothing")
        }
        let pages = ManPage.all(Gocker.page, version: Version.current)
        guard let directory = words.first else { return printText(pages.first?.text ?? "") }
        do {
            try makeDirectories(directory, mode: 0o755)
            for page in pages { try replaceFile("\(directory)/\(page.name)", with: page.text.utf8, mode: 0o644) }
        } catch {
            throw Failure("\(error)")
        }
        writeLine("\(pages.count) pages are in \(directory).", to: .standardError)
    }

    private static var containers: [String] {
        ContainerStore(root: ContainerStore.standardRoot).all().map { "\($0.name)" }
    }

    static var pages: [CommandPage] {
        [
            CommandPage(
                "gocker completion", abstract: "Print the completion script of a shell.",
                discussion: """
                    EXAMPLES:
                      eval "$(gocker completion bash)"     in ~/.bashrc
                      eval "$(gocker completion zsh)"      in ~/.zshrc, behind compinit
                      gocker completion fish | source      in ~/.config/fish/config.fish
                    """,
                operands: [.init("shell", help: "bash, zsh or fish.", values: .words(["bash", "zsh", "fish"]))]),
            CommandPage(
                "gocker man", abstract: "Write the manual pages.",
                discussion: """
                    Without a directory the page of the program is printed.

                    EXAMPLES:
                      gocker man | man -l -
                      gocker man /usr/local/share/man/man1
                    """,
                operands: [
                    .init(
                        "directory", help: "Where to write them; made where it is missing.", isOptional: true,
                        values: .directory)
                ]),
            CommandPage(
                "gocker version", abstract: "Print the version.", discussion: "EXAMPLES:\n  gocker version"),
        ]
    }
}
