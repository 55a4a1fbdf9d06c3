/// Strings as YAML text that is read as the same string again.
enum ScalarText {
    /// On one line: plain where that is safe, else in quotes.
    static func line(_ text: String) -> String {
        if isPlain(text) { return text }
        let needsEscapes = text.unicodeScalars.contains { $0.value < 0x20 || $0 == "'" || !isPrintable($0) }
        // What YAML would take for something else is in double quotes, what only looks like syntax in single ones.
        if needsEscapes || PlainScalar.kind(of: text) != .string || resemblesBoolean(text) { return doubleQuoted(text) }
        return "'\(text)'"
    }

    /// Whether a text is better shown on lines of its own.
    static func isBlock(_ text: String) -> Bool {
        guard text.unicodeScalars.contains("\n"), let first = text.unicodeScalars.first else { return false }
        guard first != " ", first != "\n", first != "\t" else { return false }
        return text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || $0.value >= 0x20 && isPrintable($0) }
    }

    /// Lines of their own, after a header that tells how many line breaks the text ends with.
    static func block(_ text: String, _ indent: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let header: String
        if lines.last?.isEmpty == true {
            lines.removeLast()
            header = lines.last?.isEmpty == true ? "|+" : "|"
        } else {
            header = "|-"
        }
        return header + "\n" + lines.map { $0.isEmpty ? "\n" : indent + $0 + "\n" }.joined()
    }

    private static func isPlain(_ text: String) -> Bool {
        guard PlainScalar.kind(of: text) == .string, !resemblesBoolean(text), !resemblesOther(text) else {
            return false
        }
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, !" :".utf8.contains(last) else { return false }
        let next = bytes.count > 1 ? bytes[1] : 0x20
        if "-?:".utf8.contains(first), next == 0x20 { return false }
        if " !&*#|>@`\"'%,[]{}".utf8.contains(first) || text == "---" || text == "..." || text == "<<" { return false }
        if text.hasPrefix("--- ") || text.hasPrefix("... ") { return false }
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: ":"), index + 1 < bytes.count, bytes[index + 1] == 0x20 { return false }
            if byte == UInt8(ascii: "#"), index > 0, bytes[index - 1] == 0x20 { return false }
        }
        return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && isPrintable($0) }
    }

    /// What readers of older YAML take for a boolean.
    private static func resemblesBoolean(_ text: String) -> Bool {
        guard text.utf8.count <= 5 else { return false }
        return ["y", "n", "yes", "no", "on", "off", "true", "false"].contains(text.lowercased())
    }

    /// What other readers take for a number to the base of 16, 8 or 2 that is too large for us, or, those of older YAML, of
    /// 60, `22:22`, or for a date, `2001-12-14`.
    private static func resemblesOther(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isDigit || "+-".utf8.contains(first) else { return false }
        let number = text.utf8.drop { "+-".utf8.contains($0) }
        if number.first == UInt8(ascii: "0"), let base = number.dropFirst().first, "xXoObB".utf8.contains(base) {
            return number.dropFirst(2).allSatisfy {
                $0 == UInt8(ascii: "_") || Character(Unicode.Scalar($0)).isHexDigit
            }
        }
        let digits = text.split(separator: ":", omittingEmptySubsequences: false)
        if digits.count > 1 {
            return digits.dropFirst().allSatisfy { part in
                let whole = part.prefix { $0 != "." }
                return (1...2).contains(whole.utf8.count) && (Int(whole) ?? 60) < 60
            }
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count >= 3 && parts[0].utf8.count == 4 && parts[0].utf8.allSatisfy(\.isDigit)
            && parts[1].utf8.allSatisfy(\.isDigit) && parts[2].utf8.first?.isDigit == true
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...:
            scalar.value != 0x2028 && scalar.value != 0x2029
        default: false
        }
    }

    private static func doubleQuoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where !isPrintable(scalar):
                let wide = scalar.value > 0xFFFF
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += wide ? "\\U" : "\\u"
                result += String(repeating: "0", count: (wide ? 8 : 4) - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
