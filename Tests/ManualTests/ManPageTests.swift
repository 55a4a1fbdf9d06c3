import Testing

@testable import Manual

@Suite("Manual pages")
struct ManPageTests {
    static let page = CommandPage(
        "tool", abstract: "Do things.", discussion: "Long.\n\nEXAMPLES:\n  tool -x 'a'   \\ back\n  .hidden",
        options: [.init(["-x", "--exact"], valueName: "n", help: "Exactly – n.")],
        groups: [.init("COMMANDS", [CommandPage("tool go", abstract: "Go.")])])

    @Test func everyCommandHasAPage() {
        let pages = ManPage.all(Self.page, version: "1.2")
        #expect(pages.map(\.name) == ["tool.1", "tool-go.1"])
        #expect(pages[1].text.contains(".BR tool (1)"))
        #expect(pages[0].text.contains(".BR tool\\-go (1)"))
    }

    @Test func aPageHasTheUsualParts() {
        let text = ManPage.all(Self.page, version: "1.2")[0].text
        for part in [
            ".TH \"TOOL\" 1 \"\" \"tool 1.2\"", ".SH NAME\ntool \\- do things\n",
            ".SH SYNOPSIS\n\\fBtool [options] <command> ...\\fR\n", ".SH OPTIONS\n.TP\n\\fB\\-x, \\-\\-exact <n>\\fR",
            ".SH EXAMPLES\n",
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test func nothingOfTheTextIsARequest() {
        let text = ManPage.all(Self.page, version: "1.2")[0].text
        #expect(text.contains("\n\\&.hidden\n"))
        #expect(text.contains("\\(aqa\\(aq   \\e back"))
        #expect(text.contains("Exactly \\[u2013] n."))
        #expect(text.utf8.allSatisfy { $0 < 0x7F })
    }
}
