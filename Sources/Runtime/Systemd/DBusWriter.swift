/// Writes values as D-Bus sends them: little-endian, each at a multiple of its size. See the D-Bus specification,
/// "Marshaling (Wire Format)".
struct DBusWriter {
    private(set) var bytes: [UInt8] = []

    mutating func align(to size: Int) {
        while bytes.count % size != 0 { bytes.append(0) }
    }

    mutating func write(_ byte: UInt8) { bytes.append(byte) }

    mutating func write(_ number: UInt32) { writeNumber(number, size: 4) }

    private mutating func writeNumber(_ number: some FixedWidthInteger, size: Int) {
        align(to: size)
        for shift in 0..<size { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
    }

    mutating func write(_ text: String) {
        write(UInt32(text.utf8.count))
        bytes += text.utf8
        bytes.append(0)
    }

    mutating func write(signature: String) {
        bytes.append(UInt8(signature.utf8.count))
        bytes += signature.utf8
        bytes.append(0)
    }

    /// An array of items that begin at multiples of `alignment`. Its length counts neither itself nor what pads the first.
    mutating func writeArray(alignment: Int, _ items: (inout DBusWriter) -> Void) {
        write(UInt32(0))
        let place = bytes.count - 4
        align(to: alignment)
        let begin = bytes.count
        items(&self)
        let length = UInt32(bytes.count - begin)
        for shift in 0..<4 { bytes[place + shift] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(shift))) }
    }

    mutating func write(_ value: DBusValue) {
        switch value {
        case .boolean(let value): write(UInt32(value ? 1 : 0))
        case .unsigned32(let value): write(value)
        case .unsigned64(let value): writeNumber(value, size: 8)
        case .text(let text): write(text)
        case .list32(let values): writeArray(alignment: 4) { for value in values { $0.write(value) } }
        case .bytes(let values): writeArray(alignment: 1) { for value in values { $0.write(value) } }
        }
    }

    mutating func write(variant value: DBusValue) {
        write(signature: value.signature)
        write(value)
    }

    /// `a(sv)`.
    mutating func write(_ properties: [UnitProperty]) {
        writeArray(alignment: 8) { writer in
            for property in properties {
                writer.align(to: 8)
                writer.write(property.name)
                writer.write(variant: property.value)
            }
        }
    }
}
