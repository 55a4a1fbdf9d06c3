/// What YAML takes unquoted text for.
///
/// These are the core schema's rules of YAML 1.2 with the number formats that Compose files may use beyond it: `0o17`
/// and `017` in octal, `0b11`, and digits grouped by `_`. `yes`, `on` and the like are strings.
enum PlainScalar {
    static func kind(of text: String) -> Scalar.Kind {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"):
            return ["~", "null", "Null", "NULL"].contains(text) ? .null : .string
        case UInt8(ascii: "t"), UInt8(ascii: "T"):
            return ["true", "True", "TRUE"].contains(text) ? .boolean(true) : .string
        case UInt8(ascii: "f"), UInt8(ascii: "F"):
            return ["false", "False", "FALSE"].contains(text) ? .boolean(false) : .string
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(text) ?? .string
        default:
            return .string
        }
    }

    private static func number(_ text: String) -> Scalar.Kind? {
        guard text.utf8.count <= 64 else { return nil }
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        default: break
        }
        let plain = text.filter { $0 != "_" }
        return integer(plain).map { .integer($0) } ?? float(plain).map { .float($0) }
    }

    private static func integer(_ text: String) -> Int64? {
        var digits = text.utf8[...]
        let sign = digits.first.flatMap { [UInt8(ascii: "+"), UInt8(ascii: "-")].contains($0) ? $0 : nil }
        if sign != nil { digits.removeFirst() }
        guard let first = digits.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }

        var radix = 10
        if first == UInt8(ascii: "0"), digits.count > 1 {
            digits.removeFirst()
            switch digits.first {
            case UInt8(ascii: "x"), UInt8(ascii: "X"): radix = 16
            case UInt8(ascii: "o"), UInt8(ascii: "O"): radix = 8
            case UInt8(ascii: "b"), UInt8(ascii: "B"): radix = 2
            default: radix = 8
            }
            if let letter = digits.first, letter > UInt8(ascii: "9") { digits.removeFirst() }
        }
        guard let head = digits.first, head != UInt8(ascii: "+"), head != UInt8(ascii: "-") else { return nil }
        return Int64((sign == UInt8(ascii: "-") ? "-" : "") + String(Substring(digits)), radix: radix)
    }

    /// Digits with at most one point and an exponent: what `Double` reads, without its `inf`, `nan` and hexadecimals.
    private static func float(_ text: String) -> Double? {
        var digits = 0
        var exponent = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                guard digits > 0, !exponent else { return nil }
                exponent = true
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): break
            default: return nil
            }
        }
        return digits > 0 ? Double(text) : nil
    }
}
