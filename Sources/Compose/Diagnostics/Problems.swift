/// The diagnostics of one load, as they are found.
///
/// A load goes on after an error wherever it can, so that an author sees all problems of all files at once. There is an
/// end to it all the same: nobody reads more than a thousand, and a file of 16 MiB could have a million.
struct Problems {
    private static let most = 1_000

    private(set) var found: [Diagnostic] = []

    /// How many there were beyond those.
    private(set) var omitted = 0

    private(set) var hasErrors = false

    mutating func error(
        _ message: String, at place: SourceRange?, suggestion: String? = nil, notes: [Diagnostic.Note] = []
    ) {
        hasErrors = true
        guard hasRoom() else { return }
        found.append(Diagnostic(.error, message, at: place, suggestion: suggestion, notes: notes))
    }

    mutating func warning(_ message: String, at place: SourceRange?, notes: [Diagnostic.Note] = []) {
        guard hasRoom() else { return }
        found.append(Diagnostic(.warning, message, at: place, notes: notes))
    }

    mutating func add(_ others: Problems) {
        let room = max(0, Self.most - found.count)
        found += others.found.prefix(room)
        omitted += others.omitted + max(0, others.found.count - room)
        hasErrors = hasErrors || others.hasErrors
    }

    /// Whether nothing more is kept: what is costly to find out about a problem need not be.
    var isFull: Bool { found.count >= Self.most }

    private mutating func hasRoom() -> Bool {
        if !isFull { return true }
        omitted += 1
        return false
    }
}

extension Problems {
    /// Sorted by place: files in the order given, then the rest by name, problems without a place first. What was
    /// found twice, because a file is read through two others, is told once.
    func sorted(files: [SourceFile]) -> [Diagnostic] {
        let ranks = Dictionary(files.enumerated().map { (ObjectIdentifier($1), $0) }) { first, _ in first }
        func key(_ diagnostic: Diagnostic) -> (Int, String, SourceLocation) {
            guard let place = diagnostic.place else { return (-1, "", SourceLocation(line: 0, column: 0)) }
            let rank = ranks[ObjectIdentifier(place.file)] ?? files.count
            return (rank, place.file.path, place.start)
        }
        let ordered = found.enumerated().sorted { left, right in
            let (a, b) = (key(left.element), key(right.element))
            return a == b ? left.offset < right.offset : a < b
        }
        var told: Set<String> = []
        let sorted = ordered.map(\.element).filter { diagnostic in
            told.insert("\(diagnostic.place?.description ?? ""): \(diagnostic.message)").inserted
        }
        guard omitted > 0 else { return sorted }
        let rest = Diagnostic(hasErrors ? .error : .warning, "and \(Grouped.text(omitted)) more problems", at: nil)
        return sorted + [rest]
    }
}
