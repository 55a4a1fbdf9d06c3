internal import ArgumentParser
internal import Compose
internal import JSON

/// `gocker-compose images`: what the services run in.
struct ImagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "Show which root file system each service runs in.",
        discussion: """
            With an overlay the service writes to a layer of its own, and the root file system stays as it is.

            EXAMPLES:
              gocker-compose images
              gocker-compose images -q web
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Print the directories only.")
    var quiet = false

    @Option(help: ListingFormat.help)
    var format = ListingFormat.table

    @Argument(
        help: ArgumentHelp("The stack file, or services.", valueName: "stack or service"), completion: .services)
    var words: [String] = []

    func run() throws {
        let stack = try options.loadStack(try options.request(words: words, purpose: .run))
        let services = stack.allServices
        if quiet {
            return writeLines(Set(services.map(\.rootfs.path)).sorted().map { StyledLine($0) }, to: .standardOutput)
        }
        let entries = services.map { service -> JSONValue in
            [
                "service": .string(service.name.text), "rootfs": .string(service.rootfs.path),
                "overlay": .boolean(service.rootfs.overlay),
            ]
        }
        let lines = try format.lines(of: entries) {
            let rows: [[Table.Cell]] = services.map {
                [.init($0.name.text), .init($0.rootfs.path), .init($0.rootfs.overlay ? "yes" : "no")]
            }
            let columns: [Table.Column] = [.init(title: "SERVICE"), .init(title: "ROOTFS"), .init(title: "OVERLAY")]
            return Table(columns: columns, rows: rows).lines()
        }
        writeLines(lines, to: .standardOutput)
    }
}
