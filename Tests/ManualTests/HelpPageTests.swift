import Testing

@testable import Manual

@Suite("Help")
struct HelpPageTests {
    static let page = CommandPage(
        "tool show", abstract: "Show things.",
        discussion: "All of them.\n\nEXAMPLES:\n  tool show a    as it stands here",
        options: [
            .init(["-q", "--quiet"], help: "Say less of what there would be to say, were it not for this."),
            .init(["--a-long-name"], valueName: "value", help: "Long."),
            .init(["--file"], valueName: "file", help: "F.", section: "SHARED"),
            .init(["--name"], valueName: "name", help: "N.", section: "SHARED"),
        ],
        operands: [.init("thing", help: "What.", isOptional: true, isRepeating: true)])

    @Test func isWrappedToTheTerminal() {
        #expect(
            HelpPage.text(Self.page, width: 60, folding: "SHARED") == """
                Show things.

                USAGE: tool show [options] [<thing> ...]

                All of them.

                ARGUMENTS:
                  <thing>                 What.

                OPTIONS:
                  -q, --quiet             Say less of what there would be to
                                          say, were it not for this.
                      --a-long-name <value>
                                          Long.

                SHARED:
                  --file, --name

                EXAMPLES:
                  tool show a    as it stands here
                """)
    }

    @Test func aSentenceStandsBehindItsHeading() {
        let page = CommandPage("tool", abstract: "Do.", discussion: "EXIT CODES: 0 good; 1 bad.")
        #expect(HelpPage.text(page, width: 60).hasSuffix("\n\nEXIT CODES: 0 good; 1 bad."))
    }

    @Test func sharedOptionsAreExplainedWhereTheyAreNotFolded() {
        #expect(HelpPage.text(Self.page, width: 60).contains("SHARED:\n      --file <file>       F.\n"))
    }
}
