/// A stack in another engine's words.
public struct ExportedStack: Sendable {
    /// A file that comes with it.
    public struct File: Hashable, Sendable {
        /// Relative to where the stack's own file is.
        public let name: String
        public let content: [UInt8]
        /// Whether nobody but its owner may read it.
        public let isSecret: Bool
    }

    /// What the other engine is handed; empty where there are errors.
    public let text: String

    /// What `text` refers to by name.
    public let files: [File]

    /// Everything there is to tell, sorted by place.
    public let diagnostics: [Diagnostic]

    /// Whether the other engine is to be handed nothing.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
