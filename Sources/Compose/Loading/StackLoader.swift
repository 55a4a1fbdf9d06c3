/// Reads stack files: the Compose Specification, and Gocker's own `rootfs`.
public struct StackLoader {
    private let host: any HostInspector

    /// Creates a loader that sees the machine through `host`.
    public init(host: any HostInspector) {
        self.host = host
    }

    /// Loads a stack. Never fails as such: what is wrong is in the result's diagnostics.
    public func load(_ request: LoadRequest) -> LoadResult {
        var load = Load(request, host)
        for phase in Load.phases where !load.isOver {
            phase.run(&load)
        }
        return load.result
    }

    /// The variables of env files, later ones over earlier ones, and what is wrong with the files.
    ///
    /// - Parameter request: which variables those of the files may use.
    public func variables(
        of files: [String], for request: LoadRequest
    ) -> (variables: [(name: String, value: String)], diagnostics: [Diagnostic]) {
        var load = Load(request, host)
        load.readEnvironmentFiles()
        let read = files.compactMap { load.read(Path.resolve($0, against: request.workingDirectory), named: $0) }
        let variables = load.readEnvFiles(read).map { (name: $0.key, value: $0.value.value) }
        return (variables, load.problems.sorted(files: read))
    }
}

/// What came of loading a stack.
public struct LoadResult: Sendable {
    /// The stack, ready to run. Nil where there are errors, and for requests that only want to look.
    public let stack: Stack?

    /// The whole model in canonical form. Nil where there are errors.
    public let document: StackDocument?

    /// The services of the files that are left out for their profiles.
    public let inactive: Set<String>

    /// The variables that the stack files could use.
    public let environment: [String: String]

    /// Everything there is to tell, sorted by place.
    public let diagnostics: [Diagnostic]

    /// Whether nothing must be started.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
