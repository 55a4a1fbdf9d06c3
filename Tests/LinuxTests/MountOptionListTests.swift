import Testing

@testable import Linux

@Suite("The options of a mount")
struct MountOptionListTests {
    private func read(_ text: String) -> [String] { MountOptionList(text).map { "\($0.key): \($0.value ?? "-")" } }

    @Test func areWordsAndValues() {
        #expect(read("") == [])
        #expect(read("ro") == ["ro: -"])
        #expect(read("mode=755,ro,size=64m") == ["mode: 755", "ro: -", "size: 64m"])
        #expect(read(",,mode=,a=b=c,") == ["mode: ", "a: b=c"])
    }

    @Test func mayHaveCommasInQuotes() {
        #expect(
            read(#"mode=755,context="u:r:t:s0:c1,c2",ro"#) == ["mode: 755", "context: u:r:t:s0:c1,c2", "ro: -"])
        #expect(read(#"context="u:r:t""#) == ["context: u:r:t"])
    }

    @Test func haveQuotesOfTheirOwnElsewhere() {
        #expect(read(#"lowerdir=/a"b,upperdir=/c"d"#) == [#"lowerdir: /a"b"#, #"upperdir: /c"d"#])
        #expect(read(#"name="open,ro"#) == [#"name: "open"#, "ro: -"])
    }
}
