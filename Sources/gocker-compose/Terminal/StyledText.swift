/// How a piece of text looks, as the code of "Select Graphic Rendition". See ECMA-48, 8.3.117.
enum TextStyle: String {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
}

/// One line of a terminal, in pieces of different looks.
struct StyledLine: Equatable {
    struct Piece: Equatable {
        var text: String
        var style: TextStyle
    }

    private(set) var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ style: TextStyle = .plain) {
        add(text, style)
    }

    mutating func add(_ text: String, _ style: TextStyle = .plain) {
        if !text.isEmpty { pieces.append(Piece(text: text, style: style)) }
    }

    /// The text alone.
    var text: String { pieces.map(\.text).joined() }

    /// How many cells of the terminal it takes.
    var width: Int { pieces.reduce(0) { $0 + TextWidth.of($1.text) } }

    /// With escape sequences where `isColoured`.
    func rendered(isColoured: Bool) -> String {
        guard isColoured else { return text }
        return pieces.map { $0.style == .plain ? $0.text : "\u{1B}[\($0.style.rawValue)m\($0.text)\u{1B}[0m" }.joined()
    }

    /// The same line in at most `width` cells.
    func cut(to width: Int) -> StyledLine {
        guard self.width > width else { return self }
        var line = StyledLine()
        var left = max(0, width - 1)
        for piece in pieces where left > 0 {
            let text = TextWidth.prefix(of: piece.text, cells: left)
            line.add(text, piece.style)
            left -= TextWidth.of(text)
            if text != piece.text { break }
        }
        if width > 0 { line.add("…") }
        return line
    }
}
