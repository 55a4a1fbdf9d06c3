public import Linux

/// What a container is called: the name of its cgroup, so it must be one component of a path.
public struct ContainerName: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// - Returns: nil for anything but letters, digits and `_ + - .`, a leading dot, and more than 128 characters.
    public init?(_ text: String) {
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard allowed, (1...128).contains(text.utf8.count), !text.hasPrefix(".") else { return nil }
        description = text
    }

    /// Digit by digit: `map` and `joined` cost a tenth of the time before the clone, in metadata made at run time.
    private init(hexadecimal bytes: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        description = String(decoding: text, as: UTF8.self)
    }

    /// A name nobody else has: twelve hexadecimal digits.
    public static func random() throws(SystemError) -> ContainerName {
        ContainerName(hexadecimal: try randomBytes(6))
    }
}
