internal import Linux

/// Writes values as bytes, for a process of the very same binary to read: no names, no versions.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    init() {
        // Most of what is written fits: growing step by step would copy it again and again.
        bytes.reserveCapacity(8192)
    }

    mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            write(UInt32(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    mutating func write(_ content: [UInt8]) {
        write(UInt32(content.count))
        bytes.append(contentsOf: content)
    }

    mutating func write(_ texts: [String]) {
        write(UInt32(texts.count))
        for text in texts { write(text) }
    }
}

/// Reads what `WireWriter` wrote, in the same order.
struct WireReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(SystemError) -> Number {
        let size = MemoryLayout<Number>.size
        guard bytes.count >= size else { throw Self.truncated }
        var number: Number = 0
        withUnsafeMutableBytes(of: &number) { $0.copyBytes(from: bytes.prefix(size)) }
        bytes.removeFirst(size)
        return Number(littleEndian: number)
    }

    mutating func text() throws(SystemError) -> String {
        let count = Int(try number(UInt32.self))
        guard bytes.count >= count else { throw Self.truncated }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        bytes.removeFirst(count)
        return text
    }

    mutating func content() throws(SystemError) -> [UInt8] {
        let count = Int(try number(UInt32.self))
        guard bytes.count >= count else { throw Self.truncated }
        let content = Array(bytes.prefix(count))
        bytes.removeFirst(count)
        return content
    }

    mutating func texts() throws(SystemError) -> [String] {
        var texts: [String] = []
        for _ in 0..<(try number(UInt32.self)) { texts.append(try text()) }
        return texts
    }

    private static var truncated: SystemError { SystemError("read", "init program", .protocolError) }
}
