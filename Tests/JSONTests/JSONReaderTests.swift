import JSON
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

    @Test func givesValuesOfEveryKind() throws {
        #expect(
            try read(" {\"a\": [1, -2, 1.5, 1e3, true, false, null], \"b\": {}, \"c\": []}\n") == [
                "a": [1, -2, .number(1.5), .number(1000), true, false, .null], "b": [:], "c": [],
            ])
        #expect(try read("18446744073709551615") == .unsigned(.max))
        #expect(try read("-9223372036854775808") == .integer(.min))
        #expect(try read("\"\"") == "")
    }

    @Test func unescapesTexts() throws {
        #expect(try read(#""a\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00z""#) == "a\"\\/\u{8}\u{C}\n\r\té😀z")
        #expect(try read("\"é😀\"") == "é😀")
    }

    @Test(arguments: [
        ("", "1:1: expected a value"), ("{", "1:2: expected a key in quotes"), ("{\"a\" 1}", "1:6: expected \":\""),
        ("[1 2]", "1:4: expected \",\" or \"]\""), ("[1,]", "1:4: expected a value"),
        ("{\"a\":1,}", "1:8: expected a key in quotes"),
        ("1 1", "1:3: expected the end"), ("\"a", "1:3: a text that does not end"), ("tru", "1:1: expected a value"),
        ("[\n 1,\n x]", "3:2: expected a value"), ("\"\\x\"", "1:4: no escape: \\x"), ("-", "1:2: no number: -"),
        ("1e999", "1:6: no number: 1e999"), ("\"\\uD800\"", "1:8: half a character"),
        ("\"\u{1}\"", "1:3: a control character in a text"),
    ])
    func saysWhatIsWrongAndWhere(text: String, message: String) {
        #expect(throws: JSONReader.Failure.self) { try read(text) }
        do { _ = try read(text) } catch { #expect("\(error)" == message) }
    }

    @Test func refusesToNestWithoutEnd() {
        #expect(throws: JSONReader.Failure.self) { try read(String(repeating: "[", count: 100_000)) }
    }

    @Test func readsWhatIsWritten() throws {
        let value: JSONValue = [
            "text": "a\"\\\n\u{1}é", "numbers": [0, -1, .number(0.25), .unsigned(.max)], "nothing": .null, "yes": true,
        ]
        #expect(try read(JSONWriter.pretty(value)) == value)
        #expect(JSONWriter.compact(try read(JSONWriter.compact(value))) == JSONWriter.compact(value))
    }
}
