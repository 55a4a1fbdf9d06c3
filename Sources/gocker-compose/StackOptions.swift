internal import ArgumentParser
internal import Compose
internal import Linux

/// Which stack a command is about.
struct StackOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A stack file, -f for short; later ones over earlier ones.", valueName: "file"))
    var file: [String] = []

    @Option(help: ArgumentHelp("The name of the project, -p for short.", valueName: "name"))
    var projectName: String?

    @Option(help: ArgumentHelp("Where relative paths start from (default: the first file's).", valueName: "dir"))
    var projectDirectory: String?
}

extension StackOptions {
    /// The environment that interpolation and our own settings see.
    static var environment: [String: String] {
        var environment: [String: String] = [:]
        for entry in currentEnvironment() {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { environment[String(parts[0])] = String(parts[1]) }
        }
        return environment
    }

    /// The files named, whichever way, or those found; none where there are none.
    func files(_ positional: String? = nil) throws -> [String] {
        let named = file + [positional].compactMap { $0 }
        if !named.isEmpty { return named }
        return try StackFileSearch.find(from: try workingDirectory()).map { [$0] } ?? []
    }

    /// Loads the stack, and ends the program where the files are wrong; everything wrong is told before.
    func load(_ files: [String], purpose: LoadRequest.Purpose) throws -> LoadResult {
        guard !files.isEmpty else {
            throw Failure(
                "no stack file: none of \(StackFileSearch.names.joined(separator: ", ")) here or above; "
                    + "name one with -f")
        }
        let request = LoadRequest(
            files: files, workingDirectory: try workingDirectory(), projectDirectory: projectDirectory,
            projectName: projectName, environment: Self.environment, purpose: purpose)
        let result = StackLoader(host: SystemHost()).load(request)
        let renderer = DiagnosticRenderer(colour: OutputStream.standardError.isColoured)
        writeBytes(renderer.render(result.diagnostics).utf8, to: .standardError)
        if result.hasErrors {
            let count = result.diagnostics.filter { $0.severity == .error }.count
            if count > 1 { writeLine("\(count) problems; nothing has been started or changed", to: .standardError) }
            throw ExitCode(1)
        }
        return result
    }

    func loadStack(_ files: [String]) throws -> Stack {
        guard let stack = try load(files, purpose: .run).stack else { throw ExitCode(1) }
        return stack
    }

    /// The stack a command that only looks or stops is about: by name, by file, or the only one there is.
    func project(_ positional: String? = nil) throws -> ProjectName {
        if let projectName {
            guard let name = ProjectName(projectName) else { throw Failure("\"\(projectName)\" is no project name") }
            return name
        }
        let files = try files(positional)
        if !files.isEmpty {
            guard let document = try load(files, purpose: .show).document else { throw ExitCode(1) }
            return document.name
        }
        let projects = StackDirectory.projects(environment: Self.environment)
        guard projects.count < 2 else {
            throw Failure(
                "no stack file here, and several stacks: \(projects.map(\.text).joined(separator: ", ")); "
                    + "name one with -p")
        }
        guard let only = projects.first else { throw Failure("no stack file here, and no stack anywhere") }
        writeLine("No stack file here; this is about \(only), the only stack there is.", to: .standardError)
        return only
    }

    func directory(of project: ProjectName) -> StackDirectory {
        StackDirectory(project, environment: Self.environment)
    }

    static func requireRoot() throws {
        guard effectiveUserID == 0 else {
            throw Failure("running containers needs root: try again with sudo (user namespaces come later)")
        }
    }
}

/// Finds the stack file nobody named.
enum StackFileSearch {
    /// In the order of preference.
    static let names = [
        "stack.yaml", "stack.yml", "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml",
    ]

    /// The first of the names in `directory` or the nearest directory above it.
    static func find(from directory: String) throws -> String? {
        var current: String? = directory
        while let path = current {
            for name in names {
                let file = path == "/" ? "/\(name)" : "\(path)/\(name)"
                if let status = try? FileStatus.of(file), status.kind != .directory {
                    return path == directory ? name : file
                }
            }
            current = parentDirectory(of: path)
        }
        return nil
    }
}
