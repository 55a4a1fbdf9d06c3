internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose config`: the stack as it is understood.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check a stack file and print it in canonical form.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml, json
    }

    @OptionGroup var options: StackOptions

    @Option(help: "yaml or json.")
    var format: Format = .yaml

    @Flag(help: "Print the names of the services only.")
    var services = false

    @Flag(name: .shortAndLong, help: "Print nothing but problems.")
    var quiet = false

    @Argument(help: "The stack file.")
    var stack: String?

    func run() throws {
        guard let document = try options.load(try options.files(stack), purpose: .show).document else {
            throw ExitCode(1)
        }
        if quiet { return }
        if services { return writeLine(document.services.joined(separator: "\n"), to: .standardOutput) }
        let text = format == .yaml ? document.yaml() : document.json()
        writeBytes((text.hasSuffix("\n") ? text : text + "\n").utf8, to: .standardOutput)
    }
}
