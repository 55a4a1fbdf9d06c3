/// What a check found: one thing that a host offers or lacks.
public struct Finding: Hashable, Sendable {
    public enum Verdict: String, Hashable, Sendable {
        case ok
        /// There, but less than it could be.
        case warning
        case missing
    }

    /// What was looked at, in a word or three.
    public let name: String
    public let verdict: Verdict
    /// Whether `gocker run` cannot work for the lack of it.
    public let isEssential: Bool
    /// What there is.
    public let text: String
    /// What does not work; nil where nothing is lacking.
    public let cost: String?
    /// How to get it; nil where nothing is lacking.
    public let remedy: String?
}

extension Finding {
    static func ok(_ name: String, _ text: String) -> Finding {
        Finding(name: name, verdict: .ok, isEssential: false, text: text, cost: nil, remedy: nil)
    }

    static func warning(_ name: String, _ text: String, cost: String, remedy: String) -> Finding {
        Finding(name: name, verdict: .warning, isEssential: false, text: text, cost: cost, remedy: remedy)
    }

    static func missing(
        _ name: String, _ text: String, essential: Bool = false, cost: String, remedy: String
    ) -> Finding {
        Finding(name: name, verdict: .missing, isEssential: essential, text: text, cost: cost, remedy: remedy)
    }
}
