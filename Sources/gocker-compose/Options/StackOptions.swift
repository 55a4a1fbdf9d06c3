internal import ArgumentParser
internal import Compose
internal import Linux

/// Which stack a command is about.
struct StackOptions: ParsableArguments {
    @OptionGroup(title: "GLOBAL OPTIONS, also before the command") var global: GlobalOptions

    mutating func validate() throws {
        try Appearance(progress: global.progress, colours: global.ansi, environment: environmentVariable).use()
        if let parallel = global.parallel, parallel < 1, parallel != -1 {
            throw ValidationError("--parallel \(parallel): expected a number above 0, or -1 for no limit")
        }
    }
}

extension StackOptions {
    var strict: Bool { global.strict }

    /// Whether to say what would be done, and do nothing.
    var dryRun: Bool { global.dryRun }
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

    /// What to load.
    ///
    /// - Parameters:
    ///   - stack: the stack file that is the argument of a command.
    ///   - words: arguments that are stack files or services: services have neither slashes nor the ending of a file.
    func request(
        stack: String? = nil, words: [String] = [], purpose: LoadRequest.Purpose
    ) throws -> LoadRequest {
        do {
            return try locate([stack].compactMap { $0 } + words.filter(Self.isFile), words, purpose)
        } catch let error as StackLocator.NoStackFile {
            throw Failure("\(error); name one with -f")
        }
    }

    private func locate(
        _ named: [String], _ words: [String], _ purpose: LoadRequest.Purpose
    ) throws -> LoadRequest {
        var options = StackLocator.Options()
        options.files = global.file + named
        options.projectName = global.projectName
        options.projectDirectory = global.projectDirectory
        options.environmentFiles = global.envFile
        options.profiles = global.profile
        let locator = StackLocator(
            host: SystemHost(), workingDirectory: try workingDirectory(), environment: Self.environment)
        var (request, warnings) = try locator.request(options, purpose: purpose)
        Self.report(warnings)
        request.isStrict = global.strict
        request.services = words.filter { !Self.isFile($0) }
        return request
    }

    private static func isFile(_ word: String) -> Bool {
        word.contains("/") || word.hasSuffix(".yaml") || word.hasSuffix(".yml") || word == "-"
    }

    /// Loads the stack, and ends the program where the files are wrong; everything wrong is told before.
    func load(_ request: LoadRequest) throws -> LoadResult {
        let result = StackLoader(host: SystemHost()).load(request)
        Self.report(result.diagnostics)
        if result.hasErrors {
            let count = result.diagnostics.filter { $0.severity == .error }.count
            if count > 1 { writeLine("\(count) problems; nothing has been started or changed", to: .standardError) }
            throw ExitCode(1)
        }
        return result
    }

    func loadStack(_ request: LoadRequest) throws -> Stack {
        guard let stack = try load(request).stack else { throw ExitCode(1) }
        return stack
    }

    private static func report(_ diagnostics: [Diagnostic]) {
        let renderer = DiagnosticRenderer(colour: OutputStream.standardError.isColoured)
        writeBytes(renderer.render(diagnostics).utf8, to: .standardError)
    }

    /// The stack a command that only looks or stops is about: by name, by file, or the only one there is.
    func project(stack: String? = nil) throws -> ProjectName {
        if let projectName = global.projectName {
            guard let name = ProjectName(projectName) else { throw Failure("\"\(projectName)\" is no project name") }
            return name
        }
        if let request = try? locate([stack].compactMap { $0 }, [], .show) {
            guard let document = try load(request).document else { throw ExitCode(1) }
            return document.name
        }
        let projects = StackDirectory.projects
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
}
