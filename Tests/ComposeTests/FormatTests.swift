import JSON
import Testing

@testable import Compose

/// The small formats within stack files.
struct FormatTests {
    @Test(
        arguments: [
            ("a $ b $1 $}", "a $ b $1 $}"), ("$$A", "$A"), ("$A-${A}", "1-1"), ("${E:-d}${E-d}", "d"),
            ("${N:-${A:-x}}", "1"), ("${A:+y}${N:+y}", "y"), ("${N:-{\"a\":1}}!", "{\"a\":1}!"),
        ]
    )
    func variablesAreReplaced(text: String, expected: String) throws {
        var template = Template { ["A": "1", "E": ""][$0] }
        #expect(try template.substitute(text) == expected)
    }

    @Test(arguments: ["${}", "${ A}", "${A", "${A:x}", "${A!}", "${N:?no}", "${N?no}", "${E:?no}"])
    func brokenAndMissingVariablesAreRefused(text: String) {
        var template = Template { ["A": "1", "E": ""][$0] }
        #expect(throws: Template.Problem.self) { try template.substitute(text) }
    }

    @Test func variablesNestedWithoutEndAreRefused() {
        var template = Template { _ in nil }
        let text = String(repeating: "${A:-", count: 10_000) + String(repeating: "}", count: 10_000)
        #expect(throws: Template.Problem.tooDeep) { try template.substitute(text) }
    }

    @Test(
        arguments: [
            ("sleep 1", ["sleep", "1"]), ("a 'b c' \"d \\\" e\"", ["a", "b c", "d \" e"]), ("a\\ b ''", ["a b", ""]),
            ("\"a\\nb\"", ["a\nb"]), ("  ", []), ("a b && c", ["a", "b"]), ("echo 2>x", ["echo"]),
            ("a $(b c)", ["a", "$(b c)"]),
        ]
    )
    func textIsSplitIntoWords(text: String, words: [String]) throws {
        #expect(try ShellWords(splitting: text).words == words)
    }

    @Test(arguments: ["'a", "\"a", "a\\", "a (b)", "a `b", "$(a"])
    func unfinishedWordsAreRefused(text: String) {
        #expect(throws: InvalidText.self) { try ShellWords(splitting: text) }
    }

    @Test(
        arguments: [
            ("1h2m3s", "1h2m3s"), ("90s", "1m30s"), ("1d", "24h0m0s"), ("1.5s", "1.5s"), ("1ms500us", "1.5ms"),
            ("0", "0s"), ("-1m", "-1m0s"), ("100ns", "100ns"),
        ]
    )
    func durationsAreReadAndPrinted(text: String, canonical: String) {
        #expect(DurationText.parse(text).map(DurationText.format) == canonical)
    }

    @Test(arguments: ["", "10", "1x", "s", "1 s", "99999999999999999999h", "1.2.3s"])
    func whatIsNoDurationIsRefused(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["127.0.0.1", "::1", "::", "fe80::1:2", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"])
    func addressesAreKnown(text: String) {
        #expect(IPAddress.isValid(text))
    }

    @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.256", "01.2.3.4", ":::", "1::2::3", "12345::", "1:2:3:4:5:6:7"])
    func otherTextIsNoAddress(text: String) {
        #expect(!IPAddress.isValid(text))
    }

    @Test func digestIsThatOfTheStandard() {
        #expect(
            SHA256.hexadecimal(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(
            SHA256.hexadecimal([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }

    @Test(
        arguments: [
            ("comand", "command"), ("enviroment", "environment"), ("volume", "volumes"), ("prots", "ports"),
        ]
    )
    func nearestNameIsFound(typed: String, meant: String) {
        #expect(NearestName.find(typed, among: Table.service.keys.map(\.name)) == meant)
    }

    @Test func farNamesAreNotSuggested() {
        #expect(NearestName.find("zzzzzz", among: Table.service.keys.map(\.name)) == nil)
    }

    @Test(
        arguments: [
            (1.0, "1"), (1.1, "1.1"), (0.5, "0.5"), (1e21, "1e+21"), (123_456_789, "123456789"), (1e-7, "1e-07"),
            (0.0001, "0.0001"), (-2.5, "-2.5"), (1e20, "100000000000000000000"),
        ]
    )
    func floatsArePrintedShortly(value: Double, text: String) {
        #expect(FloatText.format(value) == text)
    }

    /// Other readers have larger numbers than we, and older ones more kinds of them.
    @Test(arguments: [
        "0xFFFFFFFFFFFFFFFF", "-0X1_0000000000000000", "0b1", "0o7777777777777777777777777", "22:22", "2001-12-14",
    ])
    func whatOthersTakeForANumberIsQuoted(text: String) {
        #expect(["'", "\""].contains(ScalarText.line(text).first), "\(ScalarText.line(text))")
    }

    @Test(arguments: ["0xyz", "0box", "1.2.3", "-x0x1"])
    func whatNobodyTakesForANumberIsNot(text: String) { #expect(ScalarText.line(text) == text) }

    @Test(
        arguments: [
            "a", "", " a", "a ", "yes", "null", "1", "0x1f", "1e3", "a: b", "a #b", "#a", "- a", "-", "a\nb", "a\n",
            "\n",
            "\u{7}", "é", "'", "\"", "'a' \"b\"", "[a", "{", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "22:22",
            "a\tb",
            "2001-12-14", "<<", "---", "...", "a:", "?", "key: |", "\u{2028}", "\u{1F389}", "a\n\n b\n", "  a\nb",
            "\ta\nb",
        ]
    )
    func everyStringSurvivesItsYAML(text: String) throws {
        let file = SourceFile(name: "x", path: "/x", text: "")
        var mapping = Mapping()
        mapping.set("key", .string(text, at: file.place), at: file.place)
        mapping.set("list", Node(.sequence([.string(text, at: file.place)]), at: file.place), at: file.place)
        let written = YAMLWriter.write(Node(.mapping(mapping), at: file.place))
        var problems = Problems()
        let read = DocumentReader.read(SourceFile(name: "y", path: "/y", text: written), problems: &problems)
        #expect(problems.found.isEmpty, "\(written)")
        #expect(read == [Node(.mapping(mapping), at: file.place)], "\(written)")
    }

    @Test func orderOfAGraphIsByLevels() {
        let needs = ["a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []]
        #expect(DependencyGraph.levels(of: ["a", "b", "c", "d"]) { needs[$0] ?? [] } == [["d"], ["b", "c"], ["a"]])
        #expect(DependencyGraph.cycles(in: ["a", "b", "c", "d"]) { needs[$0] ?? [] }.isEmpty)
    }

    @Test func aLongChainIsNoProblem() {
        let nodes = Array(0..<100_000)
        #expect(DependencyGraph.levels(of: nodes) { $0 > 0 ? [$0 - 1] : [] }.count == nodes.count)
        #expect(DependencyGraph.cycles(in: nodes) { [($0 + 1) % nodes.count] }.count == 1)
    }
}
