/// Reads what `DBusWriter` writes.
struct DBusReader {
    /// The message ends in the middle of a value, or is not of the types that are expected.
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position >= bytes.count }
    var offset: Int { position }

    mutating func align(to size: Int) {
        position += (size - position % size) % size
    }

    mutating func byte() throws(Malformed) -> UInt8 {
        guard position < bytes.count else { throw Malformed() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func number() throws(Malformed) -> UInt32 {
        align(to: 4)
        var number: UInt32 = 0
        for shift in 0..<4 { number |= UInt32(try byte()) << (8 * UInt32(shift)) }
        return number
    }

    mutating func text() throws(Malformed) -> String { try text(length: Int(try number())) }

    mutating func signature() throws(Malformed) -> String { try text(length: Int(try byte())) }

    private mutating func text(length: Int) throws(Malformed) -> String {
        guard length < bytes.count - position else { throw Malformed() }
        defer { position += length + 1 }
        return String(decoding: bytes[position..<(position + length)], as: UTF8.self)
    }

    /// A value of one of the types that the header of a message and the answers of systemd have.
    mutating func variant() throws(Malformed) -> DBusValue {
        switch try signature() {
        case "s", "o": .text(try text())
        case "g": .text(try signature())
        case "u": .unsigned32(try number())
        default: throw Malformed()
        }
    }
}
