/// What cannot be said in another engine's words, as it is found.
///
/// Nothing is left out silently: it is an error with its place, or, where the author has asked by name for it to be left
/// out, a warning.
struct ExportProblems {
    /// What the other side is called in messages: `Swarm`.
    let target: String
    /// The keys that may be left out.
    let ignored: Set<String>
    private(set) var problems = Problems()

    init(target: String, ignored: Set<String>) {
        self.target = target
        self.ignored = ignored
    }

    /// Tells of a key that the other engine has no word for.
    ///
    /// - Parameters:
    ///   - key: by which it can be ignored.
    ///   - advice: what to do, or why it is so; continues the sentence.
    mutating func refuse(_ key: String, at place: SourceRange?, advice: String, notes: [Diagnostic.Note] = []) {
        let message = "\(target) has no word for \"\(key)\": \(advice)"
        if ignored.contains(key) {
            problems.warning("\"\(key)\" is left out: \(target) has no word for it", at: place)
        } else {
            problems.error("\(message), or leave it out with --ignore \(key)", at: place, notes: notes)
        }
    }

    /// Tells of what is wrong whatever may be left out.
    mutating func error(_ message: String, at place: SourceRange?, suggestion: String? = nil) {
        problems.error(message, at: place, suggestion: suggestion)
    }

    /// Tells of what is not said, or said otherwise, and does no harm.
    mutating func warn(_ message: String, at place: SourceRange?) {
        problems.warning(message, at: place)
    }

    /// Takes over what somebody else has found.
    mutating func add(_ others: Problems) { problems.add(others) }

    /// In the order of the file, or of the files as they were read.
    var diagnostics: [Diagnostic] { problems.sorted(files: []) }
    var hasErrors: Bool { problems.hasErrors }
}

extension Node {
    /// Whether leaving a key out would say the same: nothing, false, or empty.
    var isUnset: Bool {
        switch content {
        case .invalid: true
        case .scalar(let scalar): scalar.kind == .null || scalar.kind == .boolean(false) || scalar.text.isEmpty
        case .sequence(let items): items.isEmpty
        case .mapping(let mapping): mapping.isEmpty
        }
    }
}
