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
