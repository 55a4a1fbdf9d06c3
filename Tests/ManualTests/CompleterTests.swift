import Testing

@testable import Manual

@Suite("Completion")
struct CompleterTests {
    static let page = CommandPage(
        "tool", abstract: "A tool.",
        options: [
            .init(["-f", "--file"], valueName: "file", help: "A file.", values: .file),
            .init(["--progress"], valueName: "mode", help: "How.", values: .words(["tty", "plain", "text"])),
        ],
        groups: [
            .init(
                "COMMANDS",
                [
                    CommandPage(
                        "tool show", abstract: "Shows.",
                        options: [
                            .init(["-q", "--quiet"], help: "Less."),
                            .init(["-n", "--count"], valueName: "n", help: "How many."),
                            .init(["--to"], valueName: "dir", help: "Where.", values: .directory),
                        ],
                        operands: [.init("service", help: "", isRepeating: true, values: .names("services"))]),
                    CommandPage(
                        "tool stop", abstract: "Stops.", operands: [.init("one", help: "", values: .words(["a"]))]),
                ])
        ])

    private func complete(_ words: String...) -> [String] {
        let completer = Completer(Self.page) { $0 == "services" ? ["web", "worker", "db"] : [] }
        return completer.complete(words).lines.split(separator: "\n").map(String.init)
    }

    @Test func commandsComeWithWhatTheyDo() {
        #expect(complete("") == ["show\tShows.", "stop\tStops."])
        #expect(complete("sh") == ["show\tShows."])
        #expect(complete("-f", "x", "st") == ["stop\tStops."])
    }

    @Test func optionsAreThoseOfTheCommand() {
        #expect(complete("show", "--q") == ["--quiet\tLess."])
        #expect(complete("show", "-").count == 5)
        #expect(complete("--p") == ["--progress\tHow."])
        #expect(complete("stop", "-") == [])
    }

    @Test func valuesAreThoseOfTheOption() {
        #expect(complete("--progress", "t") == ["tty", "text"])
        #expect(complete("--progress=t") == ["--progress=tty", "--progress=text"])
        // As bash cuts it.
        #expect(complete("--progress", "=", "t") == ["tty", "text"])
        #expect(complete("--progress", "=") == ["tty", "plain", "text"])
        #expect(complete("--file", "") == [":files"])
        #expect(complete("show", "--to", "") == [":directories"])
        #expect(complete("show", "-qn", "") == [])
    }

    @Test func whatStandsInThePlaceOfASubcommandComesBehindThem() {
        let inner = CommandPage("tool show all", abstract: "All.")
        var page = Self.page.subcommands[0]
        page.groups = [.init("COMMANDS", [inner])]
        let completer = Completer(CommandPage("tool", abstract: "", groups: [.init("COMMANDS", [page])])) { _ in ["web"]
        }
        #expect(completer.complete(["show", ""]).lines == "all\tAll.\nweb\n")
        #expect(completer.complete(["show", "w"]).lines == "web\n")
        #expect(page.usage == "tool show [options] <service> ... | <command> ...")
    }

    @Test func operandsAreCounted() {
        #expect(complete("show", "w") == ["web", "worker"])
        #expect(complete("show", "-n", "3", "web", "d") == ["db"])
        #expect(complete("show", "--", "w") == ["web", "worker"])
        #expect(complete("stop", "") == ["a"])
        #expect(complete("stop", "a", "") == [])
    }
}
