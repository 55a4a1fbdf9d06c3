/// How much room text takes on a terminal, in cells.
enum TextWidth {
    /// Characters that take two cells. See Unicode Standard Annex #11, East Asian Width, W and F.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]

    static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

    /// As many characters of `text` as fit into `cells`.
    static func prefix(of text: String, cells: Int) -> String {
        var left = cells
        return String(
            text.prefix { character in
                left -= of(character)
                return left >= 0
            })
    }

    /// `text` with blanks behind it up to `cells`.
    static func padded(_ text: String, to cells: Int) -> String {
        text + String(repeating: " ", count: max(0, cells - of(text)))
    }

    private static func of(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if scalar.value < 0x20 || scalar.value == 0x7F { return 0 }
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
}
