import ArgumentParser
import Manual
import Testing

@testable import gocker
@testable import gocker_compose

/// What every command owes to who reads its help.
@Suite("Definitions of the commands")
struct DefinitionTests {
    static let pages = (all(Pages.program) + all(Gocker.page)).sorted { $0.name < $1.name }

    private static func all(_ page: CommandPage) -> [CommandPage] { [page] + page.subcommands.flatMap { all($0) } }

    @Test func allAreThere() {
        let names = Self.pages.map(\.name)
        for name in ["gocker", "gocker run", "gocker rootfs import", "gocker create", "gocker-compose ps"] {
            #expect(names.contains(name))
        }
        #expect(Set(names).count == names.count)
        let commands = GockerCompose.configuration.subcommands.filter { $0.configuration.shouldDisplay }
        #expect(Pages.program.subcommands.count == commands.count)
    }

    @Test(arguments: pages.map(\.name)) func abstractsAreSentences(name: String) throws {
        let page = try #require(Self.pages.first { $0.name == name })
        #expect(page.abstract.hasSuffix("."))
        #expect(page.abstract.count <= 80)
        #expect(page.abstract.first?.isUppercase == true)
    }

    @Test(arguments: pages.map(\.name)) func thereIsAnExample(name: String) throws {
        let page = try #require(Self.pages.first { $0.name == name })
        #expect(page.discussion.contains("EXAMPLES:\n  "))
        #expect(page.discussion.contains(page.name))
    }

    @Test(arguments: pages.map(\.name)) func everyOptionHasHelp(name: String) throws {
        let page = try #require(Self.pages.first { $0.name == name })
        for option in page.options {
            #expect(option.help.hasSuffix(".") && option.help.count > 3, "\(option.names)")
        }
        #expect(Set(page.options.flatMap(\.names)).count == page.options.flatMap(\.names).count)
        for line in HelpPage.text(page, width: 100).split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }
}
