internal import Linux

/// Reads the records of one log file in their order, and further as it is written.
final class LogFileReader {
    let kind: LogFileName.Kind
    /// Of the driver `local` only.
    let header: LocalFormat.Header?
    private let file: FileDescriptor
    /// The bytes of the file from `offset` on that are read already, in the middle of a larger buffer.
    private var buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var begin = 0
    private var end = 0
    private(set) var offset: Int64
    /// The text of the last record, where it stands otherwise in the file.
    private var text: [UInt8] = []
    private var textBuffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// How many bytes were passed over because they are damaged.
    private(set) var damagedBytes: Int64 = 0

    private static let smallest = 64 << 10
    private static let largest = 1 << 20

    /// - Returns: nil where the file is none of the kind, or not yet.
    init?(_ file: consuming FileDescriptor, _ kind: LogFileName.Kind) throws(SystemError) {
        self.kind = kind
        var header: LocalFormat.Header?
        switch kind {
        case .json:
            offset = 0
        case .local:
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: LocalFormat.headerSize, alignment: 8)
            defer { bytes.deallocate() }
            let count = try file.read(into: bytes, at: 0)
            header = LocalFormat.decodeHeader(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            offset = Int64(LocalFormat.headerSize)
        }
        self.header = header
        self.file = file
        if kind == .local, header == nil { return nil }
    }

    deinit {
        buffer.deallocate()
        textBuffer.deallocate()
    }

    func status() throws(SystemError) -> FileStatus { try file.status() }

    /// Where the first record begins.
    var start: Int64 { kind == .local ? Int64(LocalFormat.headerSize) : 0 }

    /// Goes on from the record that begins at `offset`.
    func seek(to offset: Int64) {
        self.offset = offset
        forget()
    }

    /// The next record; nil where there is none that is complete, for now. It is good until the next call.
    func next() throws(SystemError) -> LogRecord? {
        while true {
            let unread = UnsafeRawBufferPointer(rebasing: buffer[begin..<end])
            switch decode(unread) {
            case .record(let record, let size):
                begin += size
                offset += Int64(size)
                return record
            case .incomplete(let needed):
                if try fill(needed) { continue }
                // Where a record begins behind it, it is not its end that is missing: its length is damaged. No more is
                // read to find that out: its end may have come meanwhile.
                guard skipToMark() else {
                    // What is there of it may be a torn write, to be cut and overwritten: it is read again later.
                    forget()
                    return nil
                }
            case .damaged:
                guard try findRecord() else {
                    forget()
                    return nil
                }
            }
        }
    }

    private func decode(_ bytes: UnsafeRawBufferPointer) -> LocalFormat.Decoded {
        if let header { return LocalFormat.decode(bytes, mark: header.mark) }
        guard let lineEnd = bytes.firstOffset(of: 0x0A) else { return .incomplete(needed: bytes.count + 1) }
        guard var record = JSONLineFormat.decode(bytes.part(0, lineEnd), text: &text) else { return .damaged }
        if textBuffer.count < text.count {
            textBuffer.deallocate()
            textBuffer = .allocate(byteCount: text.count * 2, alignment: 1)
        }
        textBuffer.copyBytes(from: text)
        record.payload = UnsafeRawBufferPointer(rebasing: textBuffer[..<text.count])
        return .record(record, size: lineEnd + 1)
    }

    /// Reads until `needed` bytes are there.
    ///
    /// - Returns: false where the file has fewer.
    private func fill(_ needed: Int) throws(SystemError) -> Bool {
        while end - begin < needed {
            if begin + needed > buffer.count || begin == end { makeRoom(needed) }
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[end...])
            let count = try file.read(into: room, at: offset + Int64(end - begin))
            if count == 0 { return false }
            end += count
        }
        return true
    }

    private func makeRoom(_ needed: Int) {
        let unread = end - begin
        // Whoever has filled the buffer has more to read: fewer, larger reads then.
        let wanted = max(
            needed, min(Self.largest, end == buffer.count ? buffer.count * 2 : buffer.count), Self.smallest)
        if wanted > buffer.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[begin..<end]))
            buffer.deallocate()
            buffer = larger
        } else if begin > 0, let base = buffer.baseAddress {
            base.copyMemory(from: base + begin, byteCount: unread)
        }
        begin = 0
        end = unread
    }

    /// A reader that waits needs no memory.
    private func forget() {
        begin = 0
        end = 0
        buffer.deallocate()
        buffer = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    /// Passes over the begin of a record, to the next mark in what is read already.
    private func skipToMark() -> Bool {
        let unread = UnsafeRawBufferPointer(rebasing: buffer[begin..<end])
        guard let header,
            let found = withUnsafeBytes(of: header.mark.littleEndian, { unread.firstOffset(of: $0, from: 1) })
        else { return false }
        begin += found
        offset += Int64(found)
        damagedBytes += Int64(found)
        return true
    }

    /// Passes over what is damaged, to where the next record may begin.
    ///
    /// - Returns: false where nothing more comes: then it may be that only the last write was torn.
    private func findRecord() throws(SystemError) -> Bool {
        let damage = offset
        let mark = header?.mark.littleEndian ?? 0
        let size = header == nil ? 1 : 8
        while true {
            let unread = UnsafeRawBufferPointer(rebasing: buffer[begin..<end])
            let found =
                header == nil
                ? unread.firstOffset(of: 0x0A).map { $0 + 1 }
                : withUnsafeBytes(of: mark) { unread.firstOffset(of: $0, from: offset == damage ? 1 : 0) }
            if let found {
                begin += found
                offset += Int64(found)
                damagedBytes += offset - damage
                return true
            }
            let skipped = max(0, unread.count - size + 1)
            begin += skipped
            offset += Int64(skipped)
            guard try fill(end - begin + 1) else {
                offset = damage
                return false
            }
        }
    }
}

extension LogFileReader {
    /// What lies ahead of where a reader begins.
    struct Ahead {
        /// How many lines end there.
        var lines: Int
        /// The outputs whose first line there has its begin further back.
        var cut: OpenLines = []

        mutating func add(_ stream: LogStream, continues: Bool) {
            if continues { cut.insert(OpenLines(stream)) } else { cut.remove(OpenLines(stream)) }
        }
    }

    /// Goes back from the end so far until `lines` whole lines at least lie ahead, or to the begin of the file.
    ///
    /// - Parameter cut: the outputs whose first line in the files that follow begins in this one, or before it.
    func seekBack(lines: Int, closing cut: OpenLines = []) throws(SystemError) -> Ahead {
        let size = try file.status().size
        switch header {
        case .some(let header):
            return try seekBack(Ahead(lines: 0, cut: cut), to: lines, from: size, mark: header.mark)
        case nil:
            var wanted = lines
            while true {
                let ahead = Ahead(lines: try seekBackLineFeeds(wanted, from: size), cut: try cutLines(closing: cut))
                if ahead.cut.isEmpty || offset == start { return ahead }
                wanted = wanted.multipliedReportingOverflow(by: 4).overflow ? .max : wanted * 4
            }
        }
    }

    /// The outputs of which the first record ahead begins in the middle of a line.
    private func cutLines(closing later: OpenLines) throws(SystemError) -> OpenLines {
        let begin = offset
        var (cut, seen) = (OpenLines(), OpenLines())
        while seen != [.standardOutput, .standardError], let record = try next() {
            let stream = OpenLines(record.stream)
            if !seen.contains(stream), record.continues { cut.insert(stream) }
            seen.insert(stream)
        }
        seek(to: begin)
        return cut.union(later.subtracting(seen))
    }

    private func seekBack(
        _ later: Ahead, to lines: Int, from size: Int64, mark: UInt64
    ) throws(SystemError) -> Ahead {
        let frame = UnsafeMutableRawBufferPointer.allocate(byteCount: LocalFormat.recordHeaderSize, alignment: 8)
        defer { frame.deallocate() }
        var ahead = later
        var position = size
        while position > start, ahead.lines < lines || !ahead.cut.isEmpty {
            let trailer = UnsafeMutableRawBufferPointer(rebasing: frame[..<LocalFormat.trailerSize])
            guard try file.read(into: trailer, at: position - Int64(LocalFormat.trailerSize)) == trailer.count,
                UnsafeRawBufferPointer(trailer).number(at: 8) as UInt64 == mark
            else { return try countAll(later.cut) }
            let length = Int64(clamping: UnsafeRawBufferPointer(trailer).number(at: 0) as UInt64)
            let before = position - Int64(LocalFormat.overhead) - length
            guard length <= LocalFormat.longestPayload, before >= start,
                try file.read(into: frame, at: before) == frame.count,
                UnsafeRawBufferPointer(frame).number(at: 0) as UInt64 == mark
            else { return try countAll(later.cut) }
            if frame[12] != LogRecord.Kind.dropped.rawValue {
                ahead.lines += Int(clamping: UnsafeRawBufferPointer(frame).number(at: 32) as UInt64)
            }
            ahead.add(frame[13] == 1 ? .standardOutput : .standardError, continues: frame[15] & 1 != 0)
            position = before
        }
        seek(to: position)
        return ahead
    }

    /// For a file that does not end with a whole record.
    private func countAll(_ later: OpenLines) throws(SystemError) -> Ahead {
        seek(to: start)
        var ahead = Ahead(lines: 0, cut: try cutLines(closing: later))
        while let record = try next() {
            if record.kind != .dropped { ahead.lines += Int(clamping: record.lines) }
        }
        seek(to: start)
        return ahead
    }

    private func seekBackLineFeeds(_ lines: Int, from size: Int64) throws(SystemError) -> Int {
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.smallest, alignment: 16)
        defer { chunk.deallocate() }
        var position = size
        var seen = 0
        while position > 0 {
            let count = Int(min(position, Int64(chunk.count)))
            position -= Int64(count)
            let part = UnsafeMutableRawBufferPointer(rebasing: chunk[..<count])
            guard try file.read(into: part, at: position) == count else { break }
            var end = count
            while let found = UnsafeRawBufferPointer(part).lastOffset(of: 0x0A, before: end) {
                // One more than asked for: the last one of them ends the line before.
                if seen == lines {
                    seek(to: position + Int64(found) + 1)
                    return lines
                }
                seen += 1
                end = found
            }
        }
        seek(to: 0)
        return seen
    }
}
