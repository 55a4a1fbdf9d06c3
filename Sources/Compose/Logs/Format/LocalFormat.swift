internal import Linux

/// How the driver `local` keeps records: `docs/logs.md` has it as a table.
///
/// A file begins with a header that has the file's own mark, eight random bytes. A record begins and ends with it: so the
/// last one is found from the end, one behind damage is found again, and nothing that a service prints, which cannot know
/// the mark, is taken for the begin of a record. All numbers are little-endian.
enum LocalFormat {
    static let headerSize = 64
    static let recordHeaderSize = 48
    static let trailerSize = 16
    static let overhead = recordHeaderSize + trailerSize

    /// Nothing longer is written: what says it is, is damaged.
    static let longestPayload = 16 << 20

    private static let magic: UInt64 = 0x0147_4F4C_4B43_4F47  // "GOCKLOG" and the version, 1

    /// What a file begins with.
    struct Header: Hashable {
        var mark: UInt64
        /// Counts the files of an instance.
        var generation: UInt64
        /// The number of the first line that ends in the file.
        var first: UInt64
        /// The lines that began in the file before.
        var open: OpenLines
    }

    static func encode(_ header: Header, into bytes: UnsafeMutableRawBufferPointer) {
        bytes.put(magic, at: 0)
        bytes.put(header.mark, at: 8)
        bytes.put(header.first, at: 16)
        bytes.put(UInt64(header.open.rawValue), at: 24)
        bytes.put(header.generation, at: 32)
        bytes.put(UInt64(0), at: 40)
        bytes.put(UInt64(0), at: 48)
        bytes.put(XXHash64.hash(UnsafeRawBufferPointer(rebasing: bytes[..<56])), at: 56)
    }

    /// - Returns: nil for what is no such header.
    static func decodeHeader(_ bytes: UnsafeRawBufferPointer) -> Header? {
        guard bytes.count >= headerSize, bytes.number(at: 0) as UInt64 == magic,
            bytes.number(at: 56) as UInt64 == XXHash64.hash(bytes.part(0, 56))
        else { return nil }
        return Header(
            mark: bytes.number(at: 8), generation: bytes.number(at: 32), first: bytes.number(at: 16),
            open: OpenLines(rawValue: bytes[24]))
    }

    /// Writes what stands before a record's payload, and what stands behind it.
    static func encode(
        _ record: LogRecord, mark: UInt64, header: UnsafeMutableRawBufferPointer, trailer: UnsafeMutableRawBufferPointer
    ) {
        header.put(mark, at: 0)
        header.put(UInt32(record.payload.count), at: 8)
        header[12] = record.kind.rawValue
        header[13] = record.stream == .standardOutput ? 1 : 2
        header[14] = record.open.rawValue
        header[15] = record.continues ? 1 : 0
        header.put(record.time.nanosecondsSinceEpoch, at: 16)
        header.put(record.first, at: 24)
        header.put(record.lines, at: 32)
        let seed = XXHash64.hash(UnsafeRawBufferPointer(rebasing: header[..<40]))
        header.put(XXHash64.hash(record.payload, seed: seed), at: 40)
        trailer.put(UInt64(record.payload.count), at: 0)
        trailer.put(mark, at: 8)
    }

    /// What some bytes of a file are.
    enum Decoded {
        case record(LogRecord, size: Int)
        /// The begin of a record that is this long in all.
        case incomplete(needed: Int)
        case damaged
    }

    static func decode(_ bytes: UnsafeRawBufferPointer, mark: UInt64) -> Decoded {
        guard bytes.count >= recordHeaderSize else { return .incomplete(needed: recordHeaderSize) }
        let length = Int(bytes.number(at: 8) as UInt32)
        guard bytes.number(at: 0) as UInt64 == mark, length <= longestPayload,
            let kind = LogRecord.Kind(rawValue: bytes[12]), let stream = LogStream(code: bytes[13])
        else { return .damaged }
        let size = length + overhead
        guard bytes.count >= size else { return .incomplete(needed: size) }
        let payload = bytes.part(recordHeaderSize, recordHeaderSize + length)
        guard bytes.number(at: 40) as UInt64 == XXHash64.hash(payload, seed: XXHash64.hash(bytes.part(0, 40))),
            bytes.number(at: size - 16) as UInt64 == UInt64(length), bytes.number(at: size - 8) as UInt64 == mark
        else { return .damaged }
        let record = LogRecord(
            kind: kind, stream: stream, time: WallTime(nanosecondsSinceEpoch: bytes.number(at: 16)),
            first: bytes.number(at: 24), lines: bytes.number(at: 32), continues: bytes[15] & 1 != 0,
            open: OpenLines(rawValue: bytes[14]), payload: payload)
        return .record(record, size: size)
    }
}

extension LogStream {
    fileprivate init?(code: UInt8) {
        switch code {
        case 1: self = .standardOutput
        case 2: self = .standardError
        default: return nil
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The little-endian number at `offset`. The caller has made sure that it is there.
    func number<Number: FixedWidthInteger>(at offset: Int) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Stores `number` at `offset`, little-endian.
    func put<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
        storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
    }
}
