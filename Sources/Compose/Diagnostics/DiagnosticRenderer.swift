/// Writes diagnostics for people: the place, the message, the line with a caret under what is meant.
///
/// ```
/// stack.yaml:7:5: unknown key "comand" in service "web" (did you mean "command"?)
///     7 |     comand: ["sleep", "9"]
///       |     ^~~~~~
/// ```
public struct DiagnosticRenderer: Sendable {
    /// Whether to use the terminal's colours.
    public let colour: Bool
    /// Who says what is about no place in a file.
    private let program: String?

    /// Creates a renderer.
    public init(colour: Bool = false, program: String? = nil) {
        self.colour = colour
        self.program = program
    }

    /// The text of one diagnostic, each line of it with a line feed.
    public func render(_ diagnostic: Diagnostic) -> String {
        let red = diagnostic.severity == .error
        let speaker = diagnostic.place.map { "\($0)" } ?? program
        var text = speaker.map { paint(.bold, "\($0):") + " " } ?? ""
        text += paint(.bold, diagnostic.summary)
        text += red ? "\n" : " " + paint(.yellow, "[warning]") + "\n"
        if let place = diagnostic.place { text += excerpt(place, red ? .red : .yellow) }
        for note in diagnostic.notes {
            text += paint(.bold, "\(note.place):") + " note: \(note.message)\n" + excerpt(note.place, .cyan)
        }
        return text
    }

    /// The text of several diagnostics, one after the other.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(render).joined()
    }

    private func excerpt(_ place: SourceRange, _ style: Style) -> String {
        let excerpt = Excerpt(of: place)
        let number = String(place.start.line)
        let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
        let blank = String(repeating: " ", count: gutter.count)
        let indent = String(repeating: " ", count: excerpt.caret.lowerBound)
        let caret = "^" + String(repeating: "~", count: max(0, excerpt.caret.count - 1))
        return "\(gutter) | \(excerpt.text)\n\(blank) | \(indent)\(paint(style, caret))\n"
    }

    private enum Style: String {
        case bold = "1"
        case red = "31;1"
        case yellow = "33;1"
        case cyan = "36;1"
    }

    private func paint(_ style: Style, _ text: String) -> String {
        colour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
