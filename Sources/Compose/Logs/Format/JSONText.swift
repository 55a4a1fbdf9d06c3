internal import Linux

/// Bytes as the content of a JSON text. See RFC 8259, section 7.
enum JSONText {
    private static let hexadecimal = Array("0123456789abcdef".utf8)

    /// Adds `bytes`, escaped where they have to be; what is no UTF-8 becomes U+FFFD.
    static func escape(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        var start = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x20, byte < 0x80, byte != 0x22, byte != 0x5C {
                index += 1
                continue
            }
            if byte >= 0x80, let length = scalarLength(bytes, at: index) {
                index += length
                continue
            }
            output.append(contentsOf: bytes.part(start, index))
            switch byte {
            case 0x22, 0x5C:
                output.append(0x5C)
                output.append(byte)
            case 0x0A: output.append(contentsOf: [0x5C, UInt8(ascii: "n")])
            case 0x0D: output.append(contentsOf: [0x5C, UInt8(ascii: "r")])
            case 0x09: output.append(contentsOf: [0x5C, UInt8(ascii: "t")])
            case 0x80...: output.append(contentsOf: [0xEF, 0xBF, 0xBD])
            default:
                output.append(contentsOf: [0x5C, UInt8(ascii: "u"), 0x30, 0x30])
                output.append(hexadecimal[Int(byte >> 4)])
                output.append(hexadecimal[Int(byte & 15)])
            }
            index += 1
            start = index
        }
        output.append(contentsOf: bytes.part(start, index))
    }

    /// Whether `bytes` are UTF-8 throughout.
    static func isUnicode(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
            } else if let length = scalarLength(bytes, at: index) {
                index += length
            } else {
                return false
            }
        }
        return true
    }

    /// How many bytes the character at `index` has; nil where it is none. See RFC 3629, section 4.
    private static func scalarLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int? {
        func follows(_ distance: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            index + distance < bytes.count && range.contains(bytes[index + distance])
        }
        switch bytes[index] {
        case 0xC2...0xDF: return follows(1) ? 2 : nil
        case 0xE0: return follows(1, 0xA0...0xBF) && follows(2) ? 3 : nil
        case 0xED: return follows(1, 0x80...0x9F) && follows(2) ? 3 : nil
        case 0xE1...0xEF: return follows(1) && follows(2) ? 3 : nil
        case 0xF0: return follows(1, 0x90...0xBF) && follows(2) && follows(3) ? 4 : nil
        case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : nil
        case 0xF4: return follows(1, 0x80...0x8F) && follows(2) && follows(3) ? 4 : nil
        default: return nil
        }
    }
}
