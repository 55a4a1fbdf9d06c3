internal import ArgumentParser

/// `gocker-compose version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    @Flag(help: "Print the number only.")
    var short = false

    func run() {
        writeLine(short ? Version.current : "gocker-compose \(Version.current)", to: .standardOutput)
    }
}
