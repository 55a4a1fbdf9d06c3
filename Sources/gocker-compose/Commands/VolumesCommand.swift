internal import ArgumentParser
internal import Compose
internal import JSON

/// `gocker-compose volumes`: the volumes that a stack has made.
struct VolumesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volumes",
        abstract: "List the volumes of a stack.",
        discussion: """
            They stay when the stack is taken down; down -v takes them away, too. One that belongs to a single instance has \
            no name in the stack file.

            EXAMPLES:
              gocker-compose volumes
              gocker-compose volumes -q db          the names of those that a service uses
              gocker-compose volumes --format json
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Print the names only.")
    var quiet = false

    @Option(help: ListingFormat.help)
    var format = ListingFormat.table

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws {
        let project = try options.project(words: words)
        let directory = options.directory(of: project)
        try options.refuseForeign(project, directory, words: words)
        let volumes = VolumeStore(directory)
        let services = words.filter { !StackOptions.isFile($0) }
        let records = volumes.records(of: project, usedBy: services, in: StackState(directory))
        if quiet { return writeLines(records.map { StyledLine($0.name) }, to: .standardOutput) }
        let entries = records.map { record -> JSONValue in
            [
                "name": .string(record.name), "driver": "local", "path": .string(volumes.content(of: record.name)),
                "instance": record.instance.map { .string($0) } ?? .null,
                "labels": .object(record.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }),
            ]
        }
        let lines = try format.lines(of: entries) {
            let rows: [[Table.Cell]] = records.map { [.init("local"), .init($0.name), .init($0.instance ?? "")] }
            let columns: [Table.Column] = [
                .init(title: "DRIVER"), .init(title: "VOLUME NAME"), .init(title: "ONLY OF"),
            ]
            return Table(columns: columns, rows: rows).lines()
        }
        writeLines(lines, to: .standardOutput)
    }
}
