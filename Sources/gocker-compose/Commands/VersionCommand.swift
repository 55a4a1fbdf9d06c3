internal import ArgumentParser
internal import JSON

/// `gocker-compose version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version.",
        discussion: """
            EXAMPLES:
              gocker-compose version --short
              gocker-compose version -f json
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case pretty, json
    }

    @Flag(help: "Print the number only.")
    var short = false

    @Option(name: .shortAndLong, help: "pretty or json.")
    var format = Format.pretty

    func run() {
        switch format {
        case .json: writeLine(JSONWriter.compact(["version": .string(Version.current)]), to: .standardOutput)
        case .pretty: writeLine(short ? Version.current : "gocker-compose \(Version.current)", to: .standardOutput)
        }
    }
}
