internal import Linux

/// A file of the driver `json-file`.
final class JSONLogFile: LogFileWriter {
    private let file: FileDescriptor
    private(set) var size: Int64
    let generation: UInt64
    private(set) var end: LogEnd
    private var encoded: [UInt8] = []

    /// How far from the end the last record of each stream is looked for.
    private static let recordsLookedAt = 4096

    init(creating path: String, generation: UInt64, after end: LogEnd) throws(SystemError) {
        file = try FileDescriptor.open(path, [.write, .create, .truncate, .append, .noFollow], mode: 0o600)
        self.generation = generation
        self.end = end
        size = 0
    }

    /// Opens the file at `path` to add to it. A last line that was cut short is cut off.
    ///
    /// - Returns: nil where there is none.
    init?(continuing path: String, generation: UInt64) throws(SystemError) {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(path, [.readWrite, .append, .noFollow])
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        }
        guard let reader = try LogFileReader(try file.duplicate(), .json) else { return nil }
        self.file = file
        self.generation = generation
        size = try reader.status().size
        end = LogEnd()
        _ = try reader.seekBack(lines: Self.recordsLookedAt)
        while let record = try reader.next() {
            end.next = max(end.next, record.next)
            let stream = OpenLines(record.stream)
            if record.kind == .output, record.lines == 0 {
                end.open.insert(stream)
            } else {
                end.open.remove(stream)
            }
        }
        if reader.offset < size {
            size = reader.offset
            try self.file.setSize(size)
        }
    }

    func append(_ record: LogRecord) throws(SystemError) {
        encoded.removeAll(keepingCapacity: encoded.capacity <= 1 << 20)
        JSONLineFormat.append(record, to: &encoded)
        let length = encoded.count
        do {
            try encoded.withBytes { (bytes) throws(SystemError) in try file.writeAll(bytes) }
        } catch {
            try? file.setSize(size)
            throw error
        }
        size += Int64(length)
        end.pass(record)
    }

    func fitting(_ payload: UnsafeRawBufferPointer, of stream: LogStream, within limit: Int64) -> Int {
        // What is around each line, and what escapes add, is not known before: a file may be somewhat larger than asked.
        let room = limit - size
        guard room > 0 else { return 0 }
        guard room < payload.count else { return payload.count }
        return payload.lastOffset(of: 0x0A, before: Int(room)).map { $0 + 1 } ?? 0
    }
}
