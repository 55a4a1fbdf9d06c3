import Linux
import Testing

struct RegularExpressionTests {
    @Test(
        arguments: [
            ("ready", "is ready now", true), ("^ready$", "ready", true), ("^ready$", "is ready", false),
            ("port [0-9]+|socket", "on port 80", true), ("port [0-9]+|socket", "on port x", false), ("^$", "", true),
        ]
    )
    func itMatchesAnywhere(pattern: String, text: String, isMatch: Bool) throws {
        #expect(try RegularExpression(pattern).matches(Array(text.utf8)) == isMatch)
    }

    @Test func bytesMayBeAnyBytes() throws {
        let expression = try RegularExpression("ready")
        #expect(expression.matches([0, 0xFF] + Array("ready".utf8) + [0]))
        // Nothing behind the end is looked at.
        #expect(!expression.matches(Array("is ready".utf8).prefix(7)))
    }

    @Test func whatIsNoneSaysWhy() {
        let failure = #expect(throws: RegularExpression.Failure.self) { try RegularExpression("a(") }
        #expect(failure?.reason == "Unmatched ( or \\(")
    }
}
