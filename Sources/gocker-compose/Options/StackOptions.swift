internal import ArgumentParser
internal import Compose
internal import Linux

/// Which stack a command is about.
struct StackOptions: ParsableArguments {
    @OptionGroup(title: Pages.globals) var global: GlobalOptions

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

    /// For a command of which nothing is left where nothing is done.
    func refuseDryRun(_ command: String) throws {
        if dryRun { throw Failure("\(command): --dry-run is not for this command, of which it would leave nothing") }
    }
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
            let (request, warnings) = try locate([stack].compactMap { $0 } + words.filter(Self.isFile), words, purpose)
            Self.report(warnings)
            return request
        } catch let error as StackLocator.NoStackFile {
            throw Failure("\(error); name one with -f")
        }
    }

    /// Looks for the stack files; says nothing.
    func locate(
        _ named: [String], _ words: [String], _ purpose: LoadRequest.Purpose
    ) throws -> (request: LoadRequest, warnings: [Diagnostic]) {
        var options = StackLocator.Options()
        options.files = global.file + named
        options.projectName = global.projectName
        options.projectDirectory = global.projectDirectory
        options.environmentFiles = global.envFile
        options.profiles = global.profile
        let locator = StackLocator(
            host: SystemHost(), workingDirectory: try workingDirectory(), environment: Self.environment)
        var (request, warnings) = try locator.request(options, purpose: purpose)
        request.isStrict = global.strict
        if global.allResources { request.kept.insert(.unused) }
        request.services = words.filter { !Self.isFile($0) }
        return (request, warnings)
    }

    static func isFile(_ word: String) -> Bool {
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

    /// The variables of env files; ends the program where one is wrong.
    func variables(of files: [String], _ request: LoadRequest) throws -> [ServiceCommand.Variable] {
        let (variables, diagnostics) = StackLoader(host: SystemHost()).variables(of: files, for: request)
        Self.report(diagnostics)
        guard !diagnostics.contains(where: { $0.severity == .error }) else { throw ExitCode(1) }
        return variables.map { ServiceCommand.Variable($0.name, $0.value) }
    }

    func loadStack(_ request: LoadRequest) throws -> Stack {
        guard let stack = try load(request).stack else { throw ExitCode(1) }
        return stack
    }

    static func report(_ diagnostics: [Diagnostic]) {
        let renderer = DiagnosticRenderer(
            colour: OutputStream.standardError.isColoured, program: "gocker-compose")
        writeBytes(renderer.render(diagnostics).utf8, to: .standardError)
    }

    /// The stack a command that only looks or stops is about: by name, by file, or the only one there is.
    ///
    /// - Parameters:
    ///   - stack: the stack file that is the argument of a command.
    ///   - words: arguments that are stack files or services.
    func project(stack: String? = nil, words: [String] = []) throws -> ProjectName {
        if let projectName = global.projectName {
            guard let name = ProjectName(projectName) else { throw Failure("\"\(projectName)\" is no project name") }
            return name
        }
        if let (request, warnings) = try? locate([stack].compactMap { $0 } + words.filter(Self.isFile), [], .show) {
            Self.report(warnings)
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

extension StackOptions {
    /// The services of the stack file; nil where there is none, or it is wrong.
    ///
    /// - Parameter anyProfile: whether also those that are left out for their profiles.
    func servicesOfFile(words: [String] = [], anyProfile: Bool = false) -> Set<String>? {
        guard var (request, _) = try? locate(words.filter(Self.isFile), [], .show) else { return nil }
        if anyProfile { request.profiles = ["*"] }
        return (StackLoader(host: SystemHost()).load(request).document?.services).map { Set($0) }
    }
}

extension StackOptions {
    /// What a command line that is not complete yet says of the stack: every option that can be read.
    static func ofIncomplete(_ words: [String]) -> StackOptions {
        let known = CommandLineOrder.globals(in: words)
        return (try? StackOptions.parse(known)) ?? StackOptions()
    }
}

extension StackOptions {
    /// Two stacks of the same name in two places are not the same stack: a command that is about the one here does not
    /// touch the other. Whoever gives the name means the one that is there.
    func refuseForeign(_ project: ProjectName, _ directory: StackDirectory, words: [String]) throws {
        guard global.projectName == nil, let origin = StackState.Origin(directory),
            let (request, _) = try? locate(words.filter(Self.isFile), [], .show),
            request.effectiveProjectDirectory != origin.directory, StackState(directory)?.isEmpty == false
        else { return }
        throw Failure(
            "the stack named \(project) that is there is from \(origin.directory), not from here; "
                + "if you mean it, say: -p \(project)")
    }
}
