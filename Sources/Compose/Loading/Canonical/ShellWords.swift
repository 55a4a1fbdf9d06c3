/// Splits a text into words as the Compose tools do, which is nearly as a shell does: blanks separate, quotes and
/// backslashes keep together.
///
/// Nothing is expanded: variables are the business of interpolation. And there is no shell, so a text ends where a shell
/// would do something else than to run one command: at `;`, `&`, `|`, `<` and `>`.
struct ShellWords {
    /// The words up to the end, or up to the operator.
    private(set) var words: [String] = []

    /// The operator of a shell that ended the text.
    private(set) var shellOperator: Character?

    private enum Region: UInt8 {
        case singleQuotes = 0x27
        case doubleQuotes = 0x22
        case backticks = 0x60
        case substitution = 0x29
    }

    private var word: [UInt8]?
    private var region: Region?

    /// - Throws: what is wrong with the text.
    init(splitting text: String) throws(InvalidText) {
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next(), shellOperator == nil {
            if byte == UInt8(ascii: "\\"), region != .singleQuotes {
                guard let next = bytes.next() else { throw InvalidText("a \"\\\" at the end escapes nothing") }
                escape(next)
            } else {
                try take(byte)
            }
        }
        if let region { throw InvalidText("a \(Character(Unicode.Scalar(region.rawValue))) is missing at the end") }
        endWord()
    }

    /// `\n` and `\t` are the characters that they stand for in C, as with the Compose tools.
    private mutating func escape(_ byte: UInt8) {
        switch (byte, region) {
        case (_, .backticks), (_, .substitution): append(UInt8(ascii: "\\"), byte)
        case (UInt8(ascii: "n"), _): append(0x0A)
        case (UInt8(ascii: "t"), _): append(0x09)
        default: append(byte)
        }
    }

    private mutating func take(_ byte: UInt8) throws(InvalidText) {
        switch (byte, region) {
        case (0x20, nil), (0x09, nil), (0x0A, nil), (0x0D, nil):
            endWord()
        case (UInt8(ascii: "'"), nil), (UInt8(ascii: "\""), nil):
            region = Region(rawValue: byte)
            word = word ?? []
        case (UInt8(ascii: "'"), .singleQuotes), (UInt8(ascii: "\""), .doubleQuotes):
            region = nil
        case (UInt8(ascii: "`"), nil):
            region = .backticks
            append(byte)
        case (UInt8(ascii: "`"), .backticks), (UInt8(ascii: ")"), .substitution):
            region = nil
            append(byte)
        case (UInt8(ascii: "("), nil) where word?.last == UInt8(ascii: "$"):
            region = .substitution
            append(byte)
        case (UInt8(ascii: "("), nil), (UInt8(ascii: ")"), nil), (UInt8(ascii: "("), .substitution):
            throw InvalidText("a \"\(Character(Unicode.Scalar(byte)))\" has to be in quotes")
        case (_, nil) where ";&|<>".utf8.contains(byte):
            // The number before a `>` is that of a descriptor.
            if byte == UInt8(ascii: ">"), word?.allSatisfy(\.isDigit) == true { word = nil }
            shellOperator = Character(Unicode.Scalar(byte))
        default:
            append(byte)
        }
    }

    private mutating func append(_ bytes: UInt8...) {
        word = (word ?? []) + bytes
    }

    private mutating func endWord() {
        if let word { words.append(String(decoding: word, as: UTF8.self)) }
        word = nil
    }
}
