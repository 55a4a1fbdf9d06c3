/// Something to tell the author of a stack file: what, where, and where else to look.
public struct Diagnostic: Equatable, Sendable {
    /// How much it matters.
    public enum Severity: String, Sendable {
        /// Nothing is started.
        case error

        /// The file works, though perhaps not as its author thinks.
        case warning
    }

    /// Another place that has to do with it.
    public struct Note: Equatable, Sendable {
        /// What is there, e.g. `first set here`.
        public let message: String

        /// Where.
        public let place: SourceRange
    }

    /// How much it matters.
    public let severity: Severity

    /// In lower case without a full stop, so that it reads well after a place.
    public let message: String

    /// The stretch of text that is meant; nil where it is about no text at all, as a file that cannot be read.
    public let place: SourceRange?

    /// What the author may have meant: the nearest name that would be right.
    public let suggestion: String?

    /// The other places involved.
    public let notes: [Note]

    /// Creates a diagnostic.
    public init(
        _ severity: Severity, _ message: String, at place: SourceRange?, suggestion: String? = nil, notes: [Note] = []
    ) {
        self.severity = severity
        self.message = message
        self.place = place
        self.suggestion = suggestion
        self.notes = notes
    }

    /// The message with the suggestion, on one line.
    public var summary: String {
        guard let suggestion else { return message }
        return "\(message) (did you mean \"\(suggestion)\"?)"
    }
}
