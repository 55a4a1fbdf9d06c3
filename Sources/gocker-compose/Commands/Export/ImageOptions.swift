internal import ArgumentParser
internal import Compose
internal import Linux
internal import RootFilesystem

/// What becomes of the root file systems of a stack that is exported: images.
struct ImageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the images are kept, e.g. registry.example:5000/team.", valueName: "host[:port][/path]"),
        transform: ImageOptions.read)
    var registry: ImageRegistry?

    @Flag(help: "Put the images into the registry: with skopeo, or else with docker.")
    var push = false

    @Flag(help: "Load the images into the engine that docker talks to.")
    var load = false

    @Flag(help: "Reach the registry without encryption, or whoever vouches for it.")
    var insecure = false

    private static func read(_ text: String) throws -> ImageRegistry {
        if let registry = ImageRegistry(text) { return registry }
        throw ValidationError("--registry \(text): expected HOST:PORT/PATH, in lower case and without https://")
    }

    mutating func validate() throws {
        if push, registry == nil { throw ValidationError("--push needs --registry, which says where to") }
    }

    /// Makes the images that a stack needs, and brings them to where they are asked for: into the registry, the engine, or
    /// the directory.
    ///
    /// - Returns: their names, by the directories of the root file systems.
    func deliver(
        _ document: StackDocument, to output: ExportOutput, isDryRun: Bool
    ) throws -> [String: ImageReference] {
        var references: [String: ImageReference] = [:]
        var kept: [ImageReference] = []
        for exported in document.exportedImages {
            let image = try Self.image(of: exported, in: document)
            let reference = ImageReference(registry: registry, name: exported.name, digest: image.digest)
            references[exported.rootfs] = reference
            if isDryRun { continue }
            if try !deliver(image, as: reference, to: output) { kept.append(reference) }
        }
        if !kept.isEmpty {
            writeLine(
                "the images are in no engine and no registry yet (\(kept.map { "\($0)" }.joined(separator: ", "))): "
                    + "say --push, --load, or -o with a directory", to: .standardError)
        }
        return references
    }

    private static func image(of exported: ExportedImage, in document: StackDocument) throws -> RootfsImage {
        var settings = RootfsImage.Settings(searchPath: Service.standardPath)
        if let text = environmentVariable("SOURCE_DATE_EPOCH") {
            guard let seconds = Int64(text), seconds >= 0 else {
                throw Failure("export: SOURCE_DATE_EPOCH is \"\(text)\"; expected seconds since 1970")
            }
            settings.latestTime = seconds
        }
        settings.warn = { writeLine("gocker-compose: export: \(exported.name): \($0)", to: .standardError) }
        do {
            return try RootfsImage(of: exported.rootfs, settings)
        } catch {
            let place = document.place(ofRootfs: exported.rootfs)
            StackOptions.report([Diagnostic(.error, "cannot make an image: \(error)", at: place)])
            throw ExitCode(1)
        }
    }

    /// - Returns: false where there is nowhere to bring it.
    private func deliver(_ image: RootfsImage, as reference: ImageReference, to output: ExportOutput) throws -> Bool {
        do {
            if push || load {
                let archive = try OutputFile.temporary(in: environmentVariable("TMPDIR") ?? "/var/tmp")
                try image.write(to: archive, as: "\(reference)")
                let transfer = ImageTransfer(isInsecure: insecure)
                if load {
                    try transfer.load(archive)
                    writeLine("\(reference) is loaded", to: .standardError)
                }
                if push {
                    let program = try transfer.push(archive, as: reference)
                    writeLine("\(reference) is pushed, with \(program)", to: .standardError)
                }
            } else if case .directory(let directory) = output {
                let path = "\(directory)/images/\(reference.name)-\(reference.tag).tar"
                try OutputFile.makeParent(of: path)
                // Whatever secret is in the root file system is in it.
                try OutputFile.write(path, mode: 0o600) { try image.write(to: $0, as: "\(reference)") }
                writeLine("\(path) is written; on each node: docker load -i \(path)", to: .standardError)
            } else {
                return false
            }
        } catch let error as RootFilesystemError {
            throw Failure("export: \(error)")
        }
        return true
    }
}
