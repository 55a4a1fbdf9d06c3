internal import ArgumentParser
internal import Compose
internal import Linux
internal import RootFilesystem

/// `gocker-compose cp`: files and directories between services and the host.
struct CopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cp",
        abstract: "Copy files between a service and the host.",
        discussion: """
            One of the two is SERVICE:PATH, which starts at the service's root. A directory is copied with everything \
            in it: into a directory that is there, or as one that is not; with /. behind it, what is in it is copied. \
            With - for the one, the other is written to standard output or read from standard input as a tar archive.

            Copies belong to root in the service and to you on the host, and give nobody rights by being executed; \
            with -a they belong to whom the originals do. Nothing that a service does with links makes a copy leave it. \
            What is copied to a service is copied to all its instances. A service that is stopped shows what its next \
            run begins with.

            EXAMPLES:
              gocker-compose cp web:/var/log/nginx ./logs
              gocker-compose cp --index 2 ./site/. web:/srv
              gocker-compose cp db:/data - | gzip > data.tar.gz
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Keep owners, and the rights that files give to who executes them.")
    var archive = false

    @Flag(name: [.customShort("L"), .long], help: "Follow the source where it is a symbolic link.")
    var followLink = false

    @Option(help: ArgumentHelp("The instance (default: to all, from the first that runs).", valueName: "n"))
    var index: Int?

    @Flag(help: "Copy also to what \"run\" runs of the service.")
    var all = false

    @Argument(help: ArgumentHelp("SERVICE:PATH, PATH or -.", valueName: "source"))
    var source: String

    @Argument(help: ArgumentHelp("SERVICE:PATH, PATH or -.", valueName: "target"))
    var target: String

    func run() throws {
        if options.dryRun { return writeLine("~ \(target)  copy \(source)", to: .standardOutput) }
        do {
            switch (CopyArgument(source), CopyArgument(target)) {
            case (.service(let service, let path), .host(let there)):
                guard !all else { throw Failure("cp: --all is for copies to a service") }
                try copy(from: try place(in: service, path), to: try CopyPlace(ofHost: there), toHost: true)
            case (.service(let service, let path), .stream):
                var options = CopyOptions(ownership: .kept)
                options.followsLink = followLink
                options.warn = Self.warn
                try FileCopy.archive(
                    try place(in: service, path), to: try FileDescriptor.duplicate(1), options)
            case (.host(let here), .service(let service, let path)):
                for place in try places(of: service, path) {
                    try copy(from: try CopyPlace(ofHost: here), to: place, toHost: false)
                }
            case (.stream, .service(let service, let path)):
                let places = try places(of: service, path)
                guard places.count == 1 else {
                    throw Failure("cp: an archive can be read once: name one instance with --index")
                }
                try FileCopy.extract(.standardInput, to: places[0])
            case (.service, .service):
                throw Failure(
                    "cp: from one service to another takes two steps, with a file in between, or exec and tar")
            case (.host, .host), (.host, .stream), (.stream, .host), (.stream, .stream):
                throw Failure("cp: one of the two has to be SERVICE:PATH")
            }
        } catch let failure as ExecutionFailure {
            throw tell(failure)
        } catch let error as CopyError {
            throw Failure("cp: \(error)")
        }
    }

    private func stack() throws -> RunningStack {
        try RunningStack(options.directory(of: try options.project()))
    }

    /// Where it is copied from.
    private func place(in service: String, _ path: String) throws -> CopyPlace {
        CopyPlace(root: try stack().root(of: service, index: index).directory.duplicate(), path: path)
    }

    /// Where it is copied to.
    private func places(of service: String, _ path: String) throws -> [CopyPlace] {
        try stack().roots(of: service, index: index, withOneOffs: all).map { root in
            CopyPlace(root: try root.directory.duplicate(), path: path)
        }
    }

    private func copy(from source: CopyPlace, to target: CopyPlace, toHost: Bool) throws {
        let ownership: CopyOptions.Ownership =
            if archive {
                .kept
            } else {
                toHost ? .given(user: effectiveUserID, group: effectiveGroupID) : .given(user: 0, group: 0)
            }
        var options = CopyOptions(ownership: ownership)
        options.followsLink = followLink
        options.skipsDevices = toHost
        options.warn = Self.warn
        try FileCopy.copy(from: source, to: target, options)
    }

    @Sendable private static func warn(_ sentence: String) {
        writeLine("gocker-compose: cp: \(sentence)", to: .standardError)
    }
}

/// One end of a copy as people write it.
enum CopyArgument: Hashable {
    case service(String, path: String)
    case host(String)
    case stream

    /// What has a slash or a dot before its colon is a file of the host.
    init(_ text: String) {
        if text == "-" {
            self = .stream
        } else if let colon = text.firstIndex(of: ":"), !text.hasPrefix("."), !text[..<colon].contains("/"),
            colon != text.startIndex
        {
            self = .service(String(text[..<colon]), path: String(text[text.index(after: colon)...]))
        } else {
            self = .host(text)
        }
    }
}
