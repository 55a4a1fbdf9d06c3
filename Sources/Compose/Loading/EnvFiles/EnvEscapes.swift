/// The escapes of double-quoted values in env files: `\n` and its like, `\0` with three octal digits, and `\$`, which
/// becomes the `$$` that a template takes for a `$`.
enum EnvEscapes {
    private static let single: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
        UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B, UInt8(ascii: "\\"): 0x5C,
        UInt8(ascii: "\""): 0x22,
    ]

    static func expand(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let next = bytes[index + 1]
            if let character = single[next] {
                result.append(character)
                index += 2
            } else if next == UInt8(ascii: "$") {
                result += [next, next]
                index += 2
            } else if next == UInt8(ascii: "0"), let scalar = octal(bytes[(index + 2)...].prefix(3)) {
                result += Array(String(scalar).utf8)
                index += 5
            } else {
                result += [bytes[index], next]
                index += 2
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func octal(_ digits: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard digits.count == 3, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) else {
            return nil
        }
        return Unicode.Scalar(value)
    }
}
