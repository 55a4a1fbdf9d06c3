/// What the names of units are made of. See systemd.unit(5), "Description" and "String Escaping for Inclusion in Unit
/// Names".
enum UnitName {
    static let longest = 255

    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "-"), UInt8(ascii: "\\"):
            true
        default: false
        }
    }

    /// With `\xNN` for what cannot stand in a name.
    static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            guard !isPlain(byte) else { return result.unicodeScalars.append(UnicodeScalar(byte)) }
            result += (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16)
        }
    }
}
