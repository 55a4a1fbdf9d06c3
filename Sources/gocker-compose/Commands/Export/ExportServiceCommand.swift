internal import ArgumentParser
internal import Compose
internal import Linux
internal import RootFilesystem

/// `gocker-compose export SERVICE`: the files of an instance as a tar archive.
struct ExportServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Write a service's files as a tar archive.",
        discussion: """
            The archive has the root file system with what the instance has changed in it, with owners and devices, and \
            without what is mounted there: volumes, /proc, /dev. The service may run or be stopped; one that changes its \
            files meanwhile is not waited for.

            EXAMPLES:
              gocker-compose export web > web.tar
              gocker-compose export service --index 2 -o web-2.tar web
            """
    )

    @OptionGroup var options: StackOptions

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write it (default: standard output).", valueName: "file"),
        completion: .file(extensions: ["tar"]))
    var output: String?

    @Option(help: ArgumentHelp("The instance (default: the first that runs).", valueName: "n"))
    var index: Int?

    @Argument(help: "The service.", completion: .services)
    var service: String?

    private static let engines = ["swarm", "kubernetes"]

    func run() throws {
        guard let service else {
            throw ValidationError("export: expected a service, or first of all an engine: swarm or kubernetes")
        }
        let directory = options.directory(of: try options.project())
        try refuseEngine(service, in: directory)
        do {
            let stack = try RunningStack(directory)
            let root = try stack.image(of: service, index: index)
            if options.dryRun { return writeLine("+ \(output ?? "-")  \(root.instance)", to: .standardOutput) }
            try write(root)
        } catch let failure as ExecutionFailure {
            throw tell(failure)
        } catch let error as CopyError {
            throw Failure("export: \(error)")
        }
    }

    /// Whoever names an engine, and misspells it or names it late, does not mean a service that there is not.
    private func refuseEngine(_ word: String, in directory: StackDirectory) throws {
        let engine = Self.engines.first { $0 == word } ?? NearestName.find(word, among: Self.engines)
        let services = StackState(directory)?.instances.map(\.service) ?? []
        guard let engine, !services.contains(word), NearestName.find(word, among: services) == nil else { return }
        throw Failure("no such service: \(word); did you mean \"gocker-compose export \(engine) …\"?")
    }

    private func write(_ root: InstanceRoot) throws {
        var options = CopyOptions(ownership: .kept)
        options.isWhole = true
        options.warn = { writeLine("gocker-compose: export: \($0)", to: .standardError) }
        let place = CopyPlace(root: try root.directory.duplicate(), path: "/.")
        guard let output, output != "-" else {
            return try FileCopy.archive(place, to: try FileDescriptor.duplicate(1), options)
        }
        // An archive that is cut short does not take the place of one that is whole.
        try OutputFile.write(output, mode: 0o600) { try FileCopy.archive(place, to: $0, options) }
    }
}
