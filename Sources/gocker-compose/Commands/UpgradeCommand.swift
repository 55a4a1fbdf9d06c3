internal import ArgumentParser
internal import Compose

/// `gocker-compose upgrade`.
struct UpgradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Let the supervisor of a running stack go on as this version of the program.",
        discussion: """
            The services do not notice: the supervisor executes the program that asks, in the same process, once nothing \
            is being started or stopped.

            EXAMPLES:
              gocker-compose upgrade
            """
    )

    @OptionGroup var options: StackOptions

    @Argument(help: "The stack file.")
    var stack: String?

    func run() throws {
        try options.refuseDryRun("upgrade")
        let target = try StackTarget(options, words: [stack].compactMap { $0 })
        do {
            try StackClient(target.directory).upgrade()
        } catch {
            throw Failure("not upgraded: \(error)")
        }
        writeLine("The supervisor of \(target.directory.project) is \(Version.current) now.", to: .standardError)
    }
}
