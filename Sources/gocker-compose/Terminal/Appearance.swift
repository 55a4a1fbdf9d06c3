internal import ArgumentParser
internal import Linux

/// How progress is to be shown; `auto` leaves it to what standard error is.
enum ProgressChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, tty, plain, json, quiet
}

/// How progress is shown.
enum ProgressMode {
    /// A picture that is painted over and over.
    case tty
    /// A line an event.
    case plain
    /// An object an event.
    case json
    /// Failures only.
    case quiet
}

/// Whether colours are used.
enum ColourMode: String, ExpressibleByArgument, CaseIterable {
    case auto, always, never
}

/// What the program's output looks like, as options, variables and terminals have it.
struct Appearance: Equatable {
    var progress: ProgressChoice
    var colours: ColourMode

    /// What people have said. An option counts for more than a variable.
    ///
    /// - Throws: `ValidationError` where a variable says nothing we know, or the two contradict each other.
    init(
        progress: ProgressChoice?, colours: ColourMode?, environment: (String) -> String?
    ) throws {
        self.progress = try progress ?? Self.read("COMPOSE_PROGRESS", environment) ?? .auto
        self.colours = try colours ?? Self.read("COMPOSE_ANSI", environment) ?? .auto
        guard self.progress != .tty || self.colours != .never else {
            throw ValidationError("--progress tty cannot do without what --ansi never forbids; take --progress plain")
        }
    }

    private init() {
        progress = .auto
        colours = .auto
    }

    private static func read<Mode: RawRepresentable & CaseIterable>(
        _ name: String, _ environment: (String) -> String?
    ) throws -> Mode? where Mode.RawValue == String {
        guard let word = environment(name), !word.isEmpty else { return nil }
        guard let mode = Mode(rawValue: word) else {
            let words = Mode.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(name) is \"\(word)\": expected one of \(words)")
        }
        return mode
    }

    /// What holds for this run. There is one thread, and it is set before anything is printed.
    nonisolated(unsafe) private static var chosen = Appearance()

    /// Lets `self` hold from now on.
    func use() { Self.chosen = self }

    /// How progress is shown, `auto` resolved.
    static var progress: ProgressMode {
        chosen.resolvedProgress(
            isTerminal: OutputStream.standardError.isTerminal, isDumb: environmentVariable("TERM") == "dumb")
    }

    func resolvedProgress(isTerminal: Bool, isDumb: Bool) -> ProgressMode {
        switch progress {
        case .auto: isTerminal && !isDumb && colours != .never ? .tty : .plain
        case .tty: .tty
        case .plain: .plain
        case .json: .json
        case .quiet: .quiet
        }
    }

    /// Whether a stream gets colours. See no-color.org.
    static func isColoured(isTerminal: Bool) -> Bool {
        switch chosen.colours {
        case .always: true
        case .never: false
        case .auto:
            isTerminal && (environmentVariable("NO_COLOR") ?? "").isEmpty && environmentVariable("TERM") != "dumb"
        }
    }
}
