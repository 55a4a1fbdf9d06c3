/// Finds out which stack is meant: from the options of a command, the environment, and the files that are there.
///
/// These are the rules of the Compose tools, with `stack.yaml` before their names:
/// - `-f` comes before `COMPOSE_FILE`, which comes before a file with a usual name in the working directory or the
///   nearest one above it; the latter is joined by an override file beside it.
/// - `--env-file` comes before `COMPOSE_ENV_FILES`, which comes before `.env` in the project directory.
public struct StackLocator {
    /// The options of a command, as they were given.
    public struct Options: Sendable {
        /// `-f`, each as the user typed it.
        public var files: [String] = []

        /// `-p`.
        public var projectName: String?

        /// `--project-directory`.
        public var projectDirectory: String?

        /// `--env-file`.
        public var environmentFiles: [String] = []

        /// `--profile`.
        public var profiles: [String] = []

        /// No options.
        public init() {}
    }

    /// No stack file was given, and none was found.
    public struct NoStackFile: Error, CustomStringConvertible {
        /// The names that were looked for.
        public let names: [String]

        /// For people.
        public var description: String {
            "no stack file here or in a directory above: looked for \(names.joined(separator: ", "))"
        }
    }

    /// The names that a stack file may have, the first of them first.
    public static let names = [
        "stack.yaml", "stack.yml", "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml",
    ]

    private static let overrides = [
        "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
    ]

    private let host: any HostInspector
    private let workingDirectory: String
    private let environment: [String: String]

    /// - Parameter workingDirectory: where the command was given; absolute.
    public init(host: any HostInspector, workingDirectory: String, environment: [String: String]) {
        self.host = host
        self.workingDirectory = workingDirectory
        self.environment = environment
    }

    /// The request for the stack that is meant, and what there is to warn of.
    ///
    /// - Throws: `NoStackFile`.
    public func request(
        _ options: Options, purpose: LoadRequest.Purpose = .run
    ) throws(NoStackFile) -> (request: LoadRequest, warnings: [Diagnostic]) {
        // Variables of `.env` configure the command too, so it is read before anything else is asked.
        let files = environmentFiles(options, nextTo: options.files.first { $0 != "-" })
        let variables = variables(of: files)
        let (stackFiles, warnings) = try stackFiles(options, variables)

        var request = LoadRequest(
            files: stackFiles, workingDirectory: workingDirectory, projectDirectory: options.projectDirectory,
            projectName: options.projectName, environment: environment, purpose: purpose
        )
        // A stack file found above has an `.env` beside it too; the one that was read first is stronger.
        let beside = environmentFiles(options, nextTo: stackFiles.first { $0 != "-" })
        request.environmentFiles = beside.filter { !files.contains($0) } + files
        request.profiles = options.profiles
        if request.profiles.isEmpty, let profiles = variables("COMPOSE_PROFILES") {
            request.profiles = profiles.split(separator: ",").map { $0.filter { $0 != " " } }
        }
        return (request, warnings)
    }

    private func stackFiles(
        _ options: Options, _ variables: (String) -> String?
    ) throws(NoStackFile) -> ([String], [Diagnostic]) {
        if !options.files.isEmpty { return (options.files, []) }
        if let list = variables("COMPOSE_FILE"), !list.isEmpty {
            let separator = variables("COMPOSE_PATH_SEPARATOR").flatMap { $0.isEmpty ? nil : $0 } ?? ":"
            return (list.split(separator: separator).map(String.init), [])
        }
        var directory = options.projectDirectory.map { Path.resolve($0, against: workingDirectory) } ?? workingDirectory
        while true {
            let found = present(Self.names, in: directory)
            if let first = found.first {
                let overrides = present(Self.overrides, in: directory)
                let warnings = [found, overrides].filter { $0.count > 1 }.map { files in
                    let ignored = files.dropFirst().joined(separator: ", ")
                    return Diagnostic(.warning, "\(files[0]) is used, not \(ignored)", at: nil)
                }
                return ([first] + overrides.prefix(1), warnings)
            }
            guard directory != "/" else { throw NoStackFile(names: Self.names) }
            directory = Path.directory(of: directory)
        }
    }

    private func present(_ names: [String], in directory: String) -> [String] {
        names.map { directory == "/" ? "/\($0)" : "\(directory)/\($0)" }.filter { path in
            if case .absent = host.kind(ofPath: path) { return false }
            return true
        }
        .map { Path.display($0, from: workingDirectory) }
    }

    private func environmentFiles(_ options: Options, nextTo file: String?) -> [String] {
        if !options.environmentFiles.isEmpty { return options.environmentFiles }
        if let list = environment["COMPOSE_ENV_FILES"], !list.isEmpty {
            return list.split(separator: ",").map(String.init)
        }
        if ["1", "t", "T", "true", "TRUE", "True"].contains(environment["COMPOSE_DISABLE_ENV_FILE"]) { return [] }
        let directory = options.projectDirectory ?? file.map(Path.directory) ?? "."
        let path = Path.resolve("\(directory)/.env", against: workingDirectory)
        guard case .file = host.kind(ofPath: path) else { return [] }
        return [Path.display(path, from: workingDirectory)]
    }

    /// Looks a variable up in the environment, then in env files.
    private func variables(of files: [String]) -> (String) -> String? {
        var request = LoadRequest(files: [], workingDirectory: workingDirectory, environment: environment)
        request.environmentFiles = files
        var load = Load(request, host)
        load.readEnvironmentFiles()
        let environment = load.environment
        return { environment.value($0) }
    }
}
