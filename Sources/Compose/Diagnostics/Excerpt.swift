/// One line of a file as a terminal can show it, and where in it the caret goes.
struct Excerpt: Equatable {
    /// The line: tabs widened, control characters replaced, cut around the caret where it is very long.
    let text: String

    /// The terminal columns that are meant, from 0.
    let caret: Range<Int>

    private static let tabWidth = 4
    private static let longest = 100

    init(of place: SourceRange) {
        let source = Array(place.file.line(place.start.line).unicodeScalars)
        let start = min(place.start.column - 1, source.count)
        let sameLine = place.end.line == place.start.line
        let end = sameLine ? min(max(place.end.column - 1, start), source.count) : source.count

        // A window on the line, wide enough to see what is around the caret.
        let long = source.count > Self.longest
        let from = long ? max(0, min(start - Self.longest / 4, source.count - Self.longest)) : 0
        let to = min(source.count, from + Self.longest)

        var line = from > 0 ? "…" : ""
        var width = line.isEmpty ? 0 : 1
        var (caretStart, caretEnd) = (width, width)
        for index in from...to {
            if index == start { caretStart = width }
            if index <= end { caretEnd = width }
            guard index < to else { break }
            let shown = Self.show(source[index], at: width)
            line += shown.text
            width += shown.width
        }
        if to < source.count { line += "…" }
        while let last = line.last, last == " " { line.removeLast() }
        text = line
        caret = caretStart..<max(caretEnd, caretStart + 1)
    }

    private static func show(_ scalar: Unicode.Scalar, at column: Int) -> (text: String, width: Int) {
        switch scalar {
        case "\t":
            let width = tabWidth - column % tabWidth
            return (String(repeating: " ", count: width), width)
        default:
            // A control character, and one that turns the direction of writing, could make the excerpt lie.
            switch scalar.properties.generalCategory {
            case .control, .surrogate, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
                return ("\u{FFFD}", 1)
            case .nonspacingMark, .enclosingMark: return (String(scalar), 0)
            default: return (String(scalar), isWide(scalar) ? 2 : 1)
            }
        }
    }

    /// Whether terminals give a character two columns: the East Asian wide and full-width blocks, and emoji.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        let wide: [ClosedRange<UInt32>] = [
            0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
        ]
        return wide.contains { $0.contains(scalar.value) }
    }
}
