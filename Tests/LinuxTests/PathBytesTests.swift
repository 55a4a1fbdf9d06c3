import Linux
import Testing

@Suite("A path as bytes")
struct PathBytesTests {
    @Test(
        "is shown without what would move a cursor or reorder text",
        arguments: [
            ("usr/bin/cc", "usr/bin/cc"), ("grün 😀", "grün 😀"), ("a\u{1B}[2J", #"a\u{1b}[2J"#), ("a\nb", #"a\u{a}b"#),
            ("\u{202E}txt", #"\u{202e}txt"#), ("", ""),
        ])
    func description(text: String, expected: String) {
        #expect("\(PathBytes(text))" == expected)
    }

    @Test("is shown by its bytes where it is not UTF-8")
    func notText() {
        #expect("\(PathBytes([0x63, 0x61, 0x66, 0xE9, 0x07]))" == #"caf\xe9\x07"#)
    }

    @Test("ends at a NUL, as it does for the kernel")
    func terminator() {
        #expect(PathBytes([0x61, 0, 0x62]) == PathBytes("a"))
        #expect(PathBytes("a").appending(PathBytes("b")) == PathBytes("a/b"))
        #expect(PathBytes("").appending(PathBytes("b")) == PathBytes("b"))
    }
}
