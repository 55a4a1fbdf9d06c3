internal import ArgumentParser
internal import Compose
internal import Linux
internal import RootFilesystem

/// `gocker-compose export swarm`: the stack for `docker stack deploy`.
struct ExportSwarmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swarm",
        abstract: "Write the stack for Docker Swarm, its root file systems as images.",
        discussion: """
            What is written is a stack file for "docker stack deploy", of version 3.9, which Docker 20.10 and newer take. \
            Each root file system becomes an image, shared by the services that share it; its tag is its content's, so \
            that what has changed is deployed anew and the rest is not. In a directory there are the stack file, archives \
            of the images for "docker load", and the contents of secrets and configs.

            What Swarm has no word for is an error with its place. What can be done without is left out with --ignore.

            EXAMPLES:
              gocker-compose export swarm                          look at it
              gocker-compose export swarm -o deploy/ --registry registry.example:5000/team --push
              docker stack deploy -c deploy/stack.yaml shop
              gocker-compose export swarm -o stack.swarm.yaml --load
              docker stack deploy --resolve-image never -c stack.swarm.yaml shop
            """
    )

    @OptionGroup var options: StackOptions

    @Option(name: .shortAndLong, help: ExportOutput.help, completion: .file())
    var output: ExportOutput = .stream

    @OptionGroup var images: ImageOptions

    @Option(help: ArgumentHelp("Leave this key out where Swarm has no word for it. Repeatable.", valueName: "key"))
    var ignore: [String] = []

    @Argument(help: "The stack file.", completion: .file(extensions: ["yaml", "yml"]))
    var stack: String?

    func run() throws {
        for key in ignore where !SwarmExport.ignorable.contains(key) {
            let meant = NearestName.find(key, among: SwarmExport.ignorable).map { "; did you mean \"\($0)\"?" } ?? ""
            throw Failure("export: --ignore \(key): there is no such key that Swarm could lack a word for\(meant)")
        }
        guard let document = try options.load(try options.request(stack: stack, purpose: .export)).document else {
            throw ExitCode(1)
        }
        var exportOptions = SwarmExport.Options()
        exportOptions.ignored = Set(ignore)
        exportOptions.writesFiles = output.hasRoom
        let export = SwarmExport(document, exportOptions)
        // What cannot be said is told before anything is read or written.
        let draft = export.stack()
        StackOptions.report(draft.diagnostics)
        guard !draft.hasErrors else { throw ExitCode(1) }
        let references = try images.deliver(document, to: output, isDryRun: options.dryRun)
        let result = export.stack(images: references)
        if options.dryRun {
            for (_, reference) in references.sorted(by: { $0.key < $1.key }) {
                writeLine("+ \(reference)", to: .standardOutput)
            }
            return
        }
        let path = try output.write(result, named: "stack.yaml")
        tellHow(path, document)
    }

    private func tellHow(_ path: String?, _ document: StackDocument) {
        guard let path else { return }
        // Without a registry there is nobody to ask which image a name means.
        let local = images.registry == nil ? " --resolve-image never" : ""
        writeLine(
            "\(path) is written; now: docker stack deploy\(local) -c \(path) \(document.name)", to: .standardError)
    }
}
