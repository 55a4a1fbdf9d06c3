/// Tells what YAML, or a short form, makes of a value that its author has probably not meant.
enum Pitfalls {
    /// A number where a text belongs: it loses how it was written.
    static func number(_ scalar: Scalar, at place: SourceRange, problems: inout Problems) {
        switch scalar.kind {
        case .integer, .float:
            guard scalar.display != scalar.text else { return }
            problems.warning("\(scalar.text) is a number, and becomes \"\(scalar.display)\": quote it", at: place)
        case .null, .boolean, .string:
            break
        }
    }

    /// Permission bits in digits that are not read as octal.
    static func fileMode(_ scalar: Scalar, at place: SourceRange, problems: inout Problems) {
        guard case .integer(let value) = scalar.kind, value > 0, !scalar.text.hasPrefix("0") else { return }
        let octal = "0" + String(value, radix: 8)
        problems.warning("\(scalar.text) is decimal, and means \(octal): write 0\(scalar.text) for octal", at: place)
    }

    /// Two numbers below 60 with a colon between them, which readers of YAML 1.1 take for one number.
    static func port(_ scalar: Scalar, at place: SourceRange, problems: inout Problems) {
        guard scalar.kind == .string else { return }
        let parts = scalar.text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ Int($0) != nil }), Int(parts[1]) ?? 60 < 60, !place.isQuoted else {
            return
        }
        problems.warning(
            "older readers of YAML take \(scalar.text) for a number to the base of 60: quote it", at: place)
    }

    /// A volume with a name of one letter, which is read as the drive of a path.
    static func volume(_ volume: VolumeText, at place: SourceRange, problems: inout Problems) {
        guard let source = volume.source, source.utf8.dropFirst().first == UInt8(ascii: ":"),
            let letter = source.unicodeScalars.first, letter.properties.isAlphabetic
        else { return }
        problems.warning(
            "\"\(source)\" is read as a path on the drive \(letter): give a volume a name of two letters or more",
            at: place
        )
    }
}

extension SourceRange {
    /// Whether the text begins with a quote; taken for granted far behind the beginning of a line, where it would take
    /// long to find out.
    var isQuoted: Bool {
        guard start.column < 1_000 else { return true }
        let line = file.line(start.line).unicodeScalars
        return line.dropFirst(start.column - 1).first.map { $0 == "\"" || $0 == "'" } ?? false
    }
}
