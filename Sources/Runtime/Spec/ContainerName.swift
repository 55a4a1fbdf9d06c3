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

    private init(hexadecimal bytes: [UInt8]) {
        description = bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }

    /// A name nobody else has: twelve hexadecimal digits.
    public static func random() throws(SystemError) -> ContainerName {
        ContainerName(hexadecimal: try randomBytes(6))
    }
}
