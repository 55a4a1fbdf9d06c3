import JSON
import Testing

@testable import gocker_compose

@Suite("Lists for people and scripts")
struct ListingTests {
    private let entry: JSONValue = [
        "name": "web-1", "exit_code": 3, "health": .null, "usage": ["memory_bytes": 1024], "running": true,
    ]

    @Test(arguments: [
        ("{{.Name}}", "web-1"), ("{{.Name}} is {{ .ExitCode }}!", "web-1 is 3!"), ("{{.exit_code}}", "3"),
        ("{{.Health}}|", "|"), ("{{.Usage.MemoryBytes}}", "1024"), ("{{json .Usage}}", #"{"memory_bytes":1024}"#),
        ("{{.Name}}\\t{{.Running}}", "web-1\ttrue"), ("{{.Health.Status}}", ""),
    ])
    func templates(text: String, expected: String) throws {
        #expect(try ListingTemplate(text)?.fill(entry) == expected)
    }

    @Test(arguments: ["", "name", "{{Name}}", "{{.Name", "{{range .}}", "{{.Name | upper}}"])
    func whatIsNoTemplate(text: String) {
        #expect(ListingTemplate(text) == nil)
        #expect(ListingFormat(argument: text) == nil)
    }

    @Test func aFieldThatIsNotThereIsToldWithThoseThatAre() throws {
        let error = #expect(throws: Failure.self) { try ListingTemplate("{{.Nam}}")?.fill(entry) }
        #expect(error?.message == "there is no field .Nam; there are .Name, .ExitCode, .Health, .Usage, .Running")
    }

    @Test func formats() throws {
        func text(_ format: String) throws -> String {
            try #require(ListingFormat(argument: format)).lines(of: [["a": 1], ["a": 2]]) { [StyledLine("T")] }.map(
                \.text
            )
            .joined(separator: "\n")
        }
        #expect(try text("table") == "T")
        #expect(try text("ndjson") == "{\"a\":1}\n{\"a\":2}")
        #expect(try text("{{.A}}") == "1\n2")
        #expect(try JSONReader.read(Array(text("json").utf8)) == [["a": 1], ["a": 2]])
    }

    @Test func columnsAreAsWideAsTheyMustBe() {
        let columns: [Table.Column] = [
            .init(title: "NAME"), .init(title: "N", isNumeric: true), .init(title: "NOTE", isOptional: true),
            .init(title: "WHY", widest: 6),
        ]
        let table = Table(columns: columns, rows: [["web", "7", "-", "no reason"], ["a", "12", "", "-"]])
        #expect(table.lines().map(\.text) == ["NAME   N  WHY", "web    7  no re…", "a     12  -"])
        #expect(table.lines(isCut: false).map(\.text)[1] == "web    7  no reason")
    }

    @Test(arguments: [(0, "0s"), (125, "2m5s"), (7200, "2h"), (90_000, "1d1h")])
    func ages(seconds: Double, text: String) {
        #expect(Units.age(seconds) == text)
    }

    @Test func amounts() {
        #expect(Units.bytes(1 << 20) == "1MiB")
        #expect(Units.bytes(nil) == "-")
        #expect(Units.percent(12.34) == "12.3%")
        #expect(Units.pressures([0.4, nil, 12.6]) == "0/-/13")
        #expect(Units.pressures([nil, nil, nil]) == "-")
        #expect(Units.ratio(2, of: 50) == "2/50")
        #expect(Units.ratio(2, of: nil) == "2")
    }
}
