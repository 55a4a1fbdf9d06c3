internal import Linux

/// A log file that records are added to.
protocol LogFileWriter: AnyObject {
    var size: Int64 { get }
    var generation: UInt64 { get }
    /// Where the numbering stands behind the last record, and which lines are open there.
    var end: LogEnd { get }

    /// Adds a record, whole or not at all.
    func append(_ record: LogRecord) throws(SystemError)

    /// How many of the first bytes of `payload` can be added before the file is larger than `limit`; as many whole lines
    /// as possible.
    func fitting(_ payload: UnsafeRawBufferPointer, of stream: LogStream, within limit: Int64) -> Int
}

/// Where the numbering of an instance's lines stands, and which of its lines are open.
struct LogEnd: Hashable, Sendable {
    /// The number of the line that ends next.
    var next: UInt64 = 1
    var open = OpenLines()

    mutating func pass(_ record: LogRecord) {
        next = record.next
        open = record.open
    }
}

/// A file of the driver `local`.
final class LocalLogFile: LogFileWriter {
    private let file: FileDescriptor
    private(set) var size: Int64
    private let header: LocalFormat.Header
    private(set) var end: LogEnd
    private let frame = UnsafeMutableRawBufferPointer.allocate(byteCount: LocalFormat.overhead, alignment: 8)

    var generation: UInt64 { header.generation }

    /// Makes a new file at `path`, in place of what may be there.
    init(creating path: String, generation: UInt64, after end: LogEnd) throws(SystemError) {
        let mark = try randomBytes(8).withUnsafeBytes { $0.number(at: 0) as UInt64 }
        header = LocalFormat.Header(mark: mark, generation: generation, first: end.next, open: end.open)
        file = try FileDescriptor.open(path, [.write, .create, .truncate, .append, .noFollow], mode: 0o600)
        self.end = end
        size = Int64(LocalFormat.headerSize)
        LocalFormat.encode(header, into: frame)
        try file.writeAll(UnsafeRawBufferPointer(rebasing: frame[..<LocalFormat.headerSize]))
    }

    /// Opens the file at `path` to add to it. What a write left there that was cut short is cut off.
    ///
    /// - Returns: nil where there is none, or one that cannot be read.
    init?(continuing path: String) throws(SystemError) {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(path, [.readWrite, .append, .noFollow])
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        }
        guard let reader = try LogFileReader(try file.duplicate(), .local), let header = reader.header else {
            return nil
        }
        self.file = file
        self.header = header
        size = try reader.status().size
        end = LogEnd(next: header.first, open: header.open)
        // The last record tells everything. Where the end of the file is none, the good ones are looked for from its begin.
        if try reader.seekBack(lines: 1).lines == 0 { reader.seek(to: reader.start) }
        while let record = try reader.next() { end.pass(record) }
        if reader.offset < size {
            size = reader.offset
            try self.file.setSize(size)
        }
    }

    deinit { frame.deallocate() }

    func append(_ record: LogRecord) throws(SystemError) {
        let before = UnsafeMutableRawBufferPointer(rebasing: frame[..<LocalFormat.recordHeaderSize])
        let behind = UnsafeMutableRawBufferPointer(rebasing: frame[LocalFormat.recordHeaderSize...])
        LocalFormat.encode(record, mark: header.mark, header: before, trailer: behind)
        let length = LocalFormat.overhead + record.payload.count
        do throws(SystemError) {
            let written = try file.write(
                UnsafeRawBufferPointer(before), record.payload, UnsafeRawBufferPointer(behind))
            // The disk was full in the middle of it.
            guard written == length else { throw SystemError("write", "", .noSpace) }
        } catch {
            try? file.setSize(size)
            throw error
        }
        size += Int64(length)
        end.pass(record)
    }

    func fitting(_ payload: UnsafeRawBufferPointer, of stream: LogStream, within limit: Int64) -> Int {
        let room = limit - size - Int64(LocalFormat.overhead)
        guard room > 0 else { return 0 }
        guard room < payload.count else { return payload.count }
        return payload.lastOffset(of: 0x0A, before: Int(room)).map { $0 + 1 } ?? 0
    }
}
