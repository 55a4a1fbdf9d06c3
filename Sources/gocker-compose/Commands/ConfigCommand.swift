internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose config`: the stack as it is understood.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check a stack file and print it in canonical form.",
        discussion: """
            All files are merged, variables filled in, short forms written out and defaults set. What is printed is a \
            stack file again. Services that are named are printed with those they depend on.

            EXAMPLES:
              gocker-compose config                        the whole stack
              gocker-compose config --explain web.image    where a value comes from
              gocker-compose config --hash '*'             changes when a service does
              gocker-compose -f a.yaml -f b.yaml config    several files made one
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml, json
    }

    @OptionGroup var options: StackOptions

    @Option(help: "yaml or json (default: yaml, and a table of --variables).")
    var format: Format?

    @OptionGroup(title: "WHAT TO PRINT") var listing: ConfigListing

    @OptionGroup(title: "WHAT TO LEAVE AS IT IS") var kept: ConfigKept

    @Flag(name: .shortAndLong, help: "Print nothing but problems.")
    var quiet = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file.", valueName: "file"))
    var output: String?

    @Argument(help: ArgumentHelp("The stack file, or services.", valueName: "stack or service"))
    var words: [String] = []

    func run() throws {
        var request = try options.request(words: words, purpose: .show)
        request.kept.formUnion(kept.parts)
        if listing.variables { request.kept.insert(.variables) }
        if request.kept.contains(.variables), !request.services.isEmpty {
            // What the services depend on may be said by variables.
            request.services = []
            let option = listing.variables ? "--variables" : "--no-interpolate"
            writeLine(
                "gocker-compose: service filtering is not applied when \(option) is set", to: .standardError)
        }
        let result = try options.load(request)
        guard let document = result.document else { throw ExitCode(1) }
        if quiet { return }
        if listing.variables, format == nil {
            return writeLines(Self.table(of: document.variables).lines(), to: .standardOutput)
        }
        let text = try listing.text(result, format ?? .yaml) ?? (format == .json ? document.json() : document.yaml())
        let bytes = (text.isEmpty || text.hasSuffix("\n") ? text : text + "\n").utf8
        if let output {
            try Self.write(bytes, to: output)
        } else {
            writeBytes(bytes, to: .standardOutput)
        }
    }

    private static func table(of variables: [StackVariable]) -> Table {
        Table(
            columns: ["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"].map { Table.Column(title: $0) },
            rows: variables.map { variable in
                [
                    Table.Cell(variable.name), Table.Cell(variable.isRequired ? "yes" : "no"),
                    Table.Cell(variable.defaultValue), Table.Cell(variable.presenceValue),
                ]
            })
    }

    /// A file is complete or as it was; what is no file, as a device, is written to and not replaced.
    private static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        if let status = try? FileStatus.of(path), status.kind != .regular {
            try FileDescriptor.open(path, .write).writeAll(bytes)
        } else {
            try replaceFile(path, with: bytes, mode: 0o644)
        }
    }
}

/// The parts of a stack that `config` prints alone.
struct ConfigListing: ParsableArguments {
    @Flag(help: "The names of the services.")
    var services = false

    @Flag(help: "The names of the volumes.")
    var volumes = false

    @Flag(help: "The names of the networks.")
    var networks = false

    @Flag(help: "The names of the profiles.")
    var profiles = false

    @Flag(help: "The images of the services.")
    var images = false

    @Flag(help: "The variables that stack files may use, and their values.")
    var environment = false

    @Flag(help: "The variables that the stack file names, and what is in their place where they are not set.")
    var variables = false

    @Option(help: ArgumentHelp("The fingerprints of services: names with commas, or * for all.", valueName: "services"))
    var hash: String?

    @Option(help: ArgumentHelp("A value, and what made it: e.g. web.environment.PORT, or web.", valueName: "path"))
    var explain: String?

    /// - Returns: nil where nothing was asked for.
    func text(_ result: LoadResult, _ format: ConfigCommand.Format) throws -> String? {
        guard let document = result.document else { return nil }
        if variables { return document.variables(isJSON: format == .json) }
        if let explain {
            let explanations = document.explain(explain)
            guard !explanations.isEmpty else { throw Failure("there is nothing at \"\(explain)\" in this stack") }
            return explanations.map(\.description).joined()
        }
        if let hash { return try hashes(of: hash, document) }
        if environment {
            return result.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined()
        }
        let lists = [
            (services, document.services), (volumes, document.volumes), (networks, document.networks),
            (profiles, document.profiles), (images, document.images),
        ]
        return lists.first { $0.0 }.map { $0.1.map { "\($0)\n" }.joined() }
    }

    private func hashes(of list: String, _ document: StackDocument) throws -> String {
        let names = list == "*" ? document.services : list.split(separator: ",").map(String.init)
        return try names.map { name in
            guard let fingerprint = document.fingerprint(ofService: name) else {
                throw Failure("no service \"\(name)\" in this stack")
            }
            return "\(name) \(fingerprint)\n"
        }.joined()
    }
}

/// The parts of loading that `config` can leave out.
struct ConfigKept: ParsableArguments {
    @Flag(help: "Do not fill variables in.")
    var noInterpolate = false

    @Flag(help: "Do not write out what is implied.")
    var noNormalize = false

    @Flag(help: "Do not make paths absolute.")
    var noPathResolution = false

    @Flag(help: "Do not check that what is named is there.")
    var noConsistency = false

    @Flag(help: "Do not read the env files of services.")
    var noEnvResolution = false

    var parts: Set<LoadRequest.Kept> {
        let flags: [(Bool, LoadRequest.Kept)] = [
            (noInterpolate, .variables), (noNormalize, .implied), (noPathResolution, .paths),
            (noConsistency, .inconsistencies), (noEnvResolution, .environmentFiles),
        ]
        return Set(flags.filter(\.0).map(\.1))
    }
}
