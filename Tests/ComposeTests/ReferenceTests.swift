import FoundationEssentials
import Testing

@testable import Compose

/// The documentation and the schema say what the tables say.
struct ReferenceTests {
    @Test func everyKeyOfAStackAndOfAServiceIsDescribed() {
        for table in [Table.stack, .service, .rootfs, .dependency, .healthCheck, .ready, .schedule, .hook] {
            for key in table.keys {
                #expect(Summaries[table, key] != nil, "\(table.name).\(key.name)")
            }
        }
    }

    @Test func allServiceKeysOfTheSpecificationAreKnown() {
        #expect(Table.service.keys.count == 93 + Table.own.count)
    }

    @Test func theReferenceIsMadeOfTheTables() throws {
        let directory = URL(filePath: #filePath).deletingLastPathComponent()
        let file = directory.appending(path: "../../docs/stack-file.md").standardized
        let text = try String(contentsOf: file, encoding: .utf8)
        let mark = "<!-- From here on made of the tables in Sources/Compose/Loading/Schema. -->\n\n"
        let parts = text.split(separator: mark, maxSplits: 1)
        #expect(parts.count == 2)
        let isCurrent = parts.last.map(String.init) == StackFileReference.markdown()
        #expect(isCurrent, "set GOCKER_UPDATE_DOCS=1 to write docs/stack-file.md anew")
        if !isCurrent, ProcessInfo.processInfo.environment["GOCKER_UPDATE_DOCS"] != nil, let head = parts.first {
            try (String(head) + mark + StackFileReference.markdown()).write(to: file, atomically: true, encoding: .utf8)
        }
    }

    @Test func theSchemaNamesEveryTableOnce() throws {
        let schema = JSONSchema.text()
        var problems = Problems()
        let file = SourceFile(name: "schema.json", path: "/schema.json", text: schema)
        let root = try #require(DocumentReader.read(file, problems: &problems).first)
        #expect(problems.found.isEmpty)
        let definitions = try #require(root["$defs"]?.mapping)
        #expect(definitions["service"]?["properties"]?.mapping?.count == Table.service.keys.count)
        #expect(root["properties"]?["services"]?["patternProperties"] != nil)
    }
}
