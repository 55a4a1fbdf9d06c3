/// A message of D-Bus. See the D-Bus specification, "Message Format".
struct DBusMessage: Hashable, Sendable {
    enum Kind: UInt8, Hashable, Sendable {
        case call = 1
        case answer = 2
        case error = 3
        case signal = 4
    }

    /// The fields of the header that are of use here, by their number there.
    enum Field: UInt8, Hashable, Sendable {
        case path = 1
        case interface = 2
        case member = 3
        case errorName = 4
        case answerSerial = 5
        case destination = 6
        case signature = 8
    }

    var kind: Kind
    var serial: UInt32
    var fields: [Field: DBusValue] = [:]
    var body: [UInt8] = []

    /// The length of what comes before the fields.
    static let prefixLength = 16
    /// More is nothing that systemd answers.
    private static let longest = 1 << 20
}

extension DBusMessage {
    var bytes: [UInt8] {
        var writer = DBusWriter()
        writer.write(UInt8(ascii: "l"))  // little-endian
        writer.write(kind.rawValue)
        writer.write(UInt8(0))  // no flags
        writer.write(UInt8(1))  // version of the protocol
        writer.write(UInt32(body.count))
        writer.write(serial)
        writer.writeArray(alignment: 8) { writer in
            for (field, value) in fields.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                writer.align(to: 8)
                writer.write(field.rawValue)
                guard case .text(let text) = value, field == .path || field == .signature else {
                    writer.write(variant: value)
                    continue
                }
                // Strings by other names.
                writer.write(signature: field == .path ? "o" : "g")
                field == .path ? writer.write(text) : writer.write(signature: text)
            }
        }
        writer.align(to: 8)
        return writer.bytes + body
    }

    /// How long the message is that begins with `prefix`, which has `prefixLength` bytes.
    static func length(prefix: [UInt8]) throws(DBusReader.Malformed) -> Int {
        var reader = DBusReader(prefix, at: 4)
        guard prefix.first == UInt8(ascii: "l") else { throw DBusReader.Malformed() }
        let body = Int(try reader.number())
        _ = try reader.number()
        let fields = Int(try reader.number())
        let length = prefixLength + (fields + 7) / 8 * 8 + body
        guard length <= longest else { throw DBusReader.Malformed() }
        return length
    }

    init(_ bytes: [UInt8]) throws(DBusReader.Malformed) {
        var reader = DBusReader(bytes, at: 1)
        guard let kind = Kind(rawValue: try reader.byte()) else { throw DBusReader.Malformed() }
        self.kind = kind
        reader.align(to: 4)
        _ = try reader.number()
        serial = try reader.number()
        let end = Int(try reader.number()) + Self.prefixLength
        while reader.offset < end {
            reader.align(to: 8)
            let field = Field(rawValue: try reader.byte())
            let value = try reader.variant()
            if let field { fields[field] = value }
        }
        reader.align(to: 8)
        guard reader.offset <= bytes.count else { throw DBusReader.Malformed() }
        body = Array(bytes[reader.offset...])
    }

    func text(_ field: Field) -> String? {
        guard case .text(let text)? = fields[field] else { return nil }
        return text
    }
}
