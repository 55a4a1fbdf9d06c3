import Testing

@testable import gocker_compose

@Suite("Painter")
struct PainterTests {
    private let picture = [StyledLine("[+] up 0/1"), StyledLine(" • web-1  starting and so on")]

    @Test func theFirstPictureComesBelowWhatIsThere() {
        #expect(
            Painter.bytes(picture, over: [], columns: 80, false)
                == "\r[+] up 0/1\u{1B}[K\n • web-1  starting and so on\u{1B}[K\n\u{1B}[J")
    }

    @Test func theNextOneCoversIt() {
        #expect(Painter.bytes(picture, over: picture, columns: 80, false).hasPrefix("\r\u{1B}[2A[+]"))
    }

    @Test func aTerminalMadeNarrowerHasBrokenTheLines() {
        // 28 cells on 10 columns are three rows.
        #expect(Painter.bytes(picture, over: picture, columns: 10, false).hasPrefix("\r\u{1B}[4A"))
    }

    @Test func coloursAreLeftOutWhereTheyAreNotWanted() {
        var line = StyledLine("✔", .green)
        line.add(" web-1")
        #expect(line.rendered(isColoured: false) == "✔ web-1")
        #expect(line.rendered(isColoured: true) == "\u{1B}[32m✔\u{1B}[0m web-1")
    }

    @Test func wideCharactersTakeTwoCells() {
        #expect(TextWidth.of("日本") == 4)
        #expect(StyledLine("日本語").cut(to: 5).text == "日本…")
        #expect(StyledLine("ab").cut(to: 0).text == "")
    }
}
