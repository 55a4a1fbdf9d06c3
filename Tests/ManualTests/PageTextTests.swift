import Testing

@testable import Manual

@Suite("Discussion of a command")
struct PageTextTests {
    @Test func partsAreParagraphsVerbatimLinesAndSections() {
        let text = PageText(
            "One\nparagraph.\n\n  kept  as it is\n\nTwo.\n\nEXAMPLES:\n  a   first\n  b\n\nEXIT CODES: 0 good.")
        #expect(
            text.sections == [
                .init(
                    title: "",
                    blocks: [.paragraph("One paragraph."), .verbatim(["  kept  as it is"]), .paragraph("Two.")]),
                .init(title: "EXAMPLES", blocks: [.verbatim(["  a   first", "  b"])]),
                .init(title: "EXIT CODES", blocks: [.paragraph("0 good.")]),
            ])
    }

    @Test func aColonMakesNoHeading() {
        #expect(PageText("Note: this.").sections == [.init(title: "", blocks: [.paragraph("Note: this.")])])
    }
}
