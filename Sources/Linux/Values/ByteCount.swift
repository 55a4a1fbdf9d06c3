/// An amount of memory or storage, in bytes.
public struct ByteCount: Hashable, Sendable, Comparable {
    public let bytes: Int64

    public init(bytes: Int64) {
        self.bytes = bytes
    }

    /// Multiples of 1,024 bytes.
    public static func kibibytes(_ count: Int64) -> ByteCount { ByteCount(bytes: count << 10) }

    /// Multiples of 1,048,576 bytes.
    public static func mebibytes(_ count: Int64) -> ByteCount { ByteCount(bytes: count << 20) }

    /// Multiples of 1,073,741,824 bytes.
    public static func gibibytes(_ count: Int64) -> ByteCount { ByteCount(bytes: count << 30) }

    public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }
}

extension ByteCount {
    /// Reads a byte value as the Compose Specification writes it: a whole or decimal number and an optional unit
    /// (`b`, `k`, `kb`, `kib`, `m`, `mb`, …, in any case; every unit is a power of 1,024): `64m`, `1.5gb`, `1048576`.
    ///
    /// Returns nil for anything else, for negative amounts and for amounts beyond `Int64`.
    public init?(_ text: some StringProtocol) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        var unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard !digits.isEmpty, digits.last != ".", let number = Double(digits) else { return nil }

        if unit.hasSuffix("b") { unit.removeLast() }
        if unit.hasSuffix("i"), unit.count == 2 { unit.removeLast() }
        guard let shift = ["": 0, "k": 10, "m": 20, "g": 30, "t": 40, "p": 50][unit] else { return nil }

        if let whole = Int64(digits) {
            let (bytes, overflow) = whole.multipliedReportingOverflow(by: 1 << Int64(shift))
            guard !overflow else { return nil }
            self.init(bytes: bytes)
        } else {
            let bytes = number * Double(1 << Int64(shift))
            guard bytes < 0x1p63 else { return nil }
            self.init(bytes: Int64(bytes))
        }
    }
}

extension ByteCount: CustomStringConvertible {
    /// With the largest unit that leaves a number of one or more, e.g. `64MiB`, `1.5GiB`, `512B`.
    public var description: String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var value = Double(bytes)
        var unit = 0
        // What would be rounded to 1024 of a unit is one of the next.
        while abs(value) >= 1023.95, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        let tenths = (value * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int64(tenths))\(units[unit])" : "\(tenths)\(units[unit])"
    }
}
