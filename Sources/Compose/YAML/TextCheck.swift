/// Finds the first thing in a file that no YAML text may hold, before the parser sees it: the parser would stop at it
/// too, but cannot say where.
enum TextCheck {
    /// What is wrong, and the offset of the bytes that are.
    static func problem(in bytes: [UInt8]) -> (message: String, bytes: Range<Int>)? {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            // Nearly every byte of nearly every file.
            if byte >= 0x20, byte < 0x7F {
                index += 1
                continue
            }
            switch byte {
            case 0x09, 0x0A, 0x0D:
                index += 1
            case 0x00:
                return ("a NUL byte: this is not a text file", index..<index + 1)
            case 0x01..<0x20, 0x7F:
                return ("the control character \(hexadecimal(UInt32(byte))) is not allowed in YAML", index..<index + 1)
            default:
                guard let (scalar, length) = decode(bytes[index...]) else {
                    return ("invalid UTF-8: stack files are UTF-8 text", index..<index + 1)
                }
                guard isPrintable(scalar) else {
                    return ("the character \(hexadecimal(scalar)) is not allowed in YAML", index..<index + length)
                }
                index += length
            }
        }
        return nil
    }

    /// The character that starts here, or nil where these bytes are none: cut off, overlong, or a surrogate.
    private static func decode(_ bytes: ArraySlice<UInt8>) -> (scalar: UInt32, length: Int)? {
        guard let first = bytes.first else { return nil }
        let length: Int
        let least: UInt32
        var scalar: UInt32
        switch first {
        case 0xC2...0xDF: (length, least, scalar) = (2, 0x80, UInt32(first & 0x1F))
        case 0xE0...0xEF: (length, least, scalar) = (3, 0x800, UInt32(first & 0x0F))
        case 0xF0...0xF4: (length, least, scalar) = (4, 0x10000, UInt32(first & 0x07))
        default: return nil
        }
        guard bytes.count >= length else { return nil }
        for byte in bytes.prefix(length).dropFirst() {
            guard byte & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        guard scalar >= least, scalar <= 0x10FFFF, !(0xD800...0xDFFF).contains(scalar) else { return nil }
        return (scalar, length)
    }

    private static func isPrintable(_ scalar: UInt32) -> Bool {
        scalar == 0x85 || (0xA0...0xD7FF).contains(scalar) || (0xE000...0xFFFD).contains(scalar) && scalar != 0xFEFF
            || scalar >= 0x10000
    }

    private static func hexadecimal(_ scalar: UInt32) -> String {
        let digits = String(scalar, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
