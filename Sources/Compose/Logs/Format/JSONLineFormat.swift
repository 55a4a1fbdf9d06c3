internal import JSON
internal import Linux

/// How the driver `json-file` keeps lines: Docker's format, one JSON object a line, with `log`, `stream` and `time`.
///
/// As with Docker, `log` ends with a line feed where the line does. Beside Docker's keys there are `seq`, the number of the
/// line, `continues` where `log` begins in the middle of one, and `dropped`, how many lines were not kept; collectors pass
/// over keys that they do not know. Bytes that are no UTF-8 become U+FFFD, as with Docker.
enum JSONLineFormat {
    // Made once: this runs for every line.
    private static let begin = Array("{\"log\":\"".utf8)
    private static let continuation = Array(",\"continues\":true".utf8)

    /// Adds the lines of a record.
    static func append(_ record: LogRecord, to output: inout [UInt8]) {
        let tail = Array("\",\"stream\":\"\(record.stream.rawValue)\",\"time\":\"\(record.time)\",\"seq\":".utf8)
        switch record.kind {
        case .output:
            var number = record.first
            var start = 0
            var continues = record.continues
            while start < record.payload.count {
                let end = record.payload.firstOffset(of: 0x0A, from: start).map { $0 + 1 } ?? record.payload.count
                line(record.payload.part(start, end), tail, number, continues, to: &output)
                start = end
                number += 1
                continues = false
            }
        case .lineEnd:
            var lineFeed: UInt8 = 0x0A
            withUnsafeBytes(of: &lineFeed) { line($0, tail, record.first, true, to: &output) }
        case .dropped:
            let cause = DropCause(code: record.payload.number(at: 0))
            output += Array("{\"log\":\"\(record.lines) lines were not kept: \(cause.sentence)\\n".utf8)
            output += tail
            output += Array("\(record.first),\"dropped\":\(record.lines),\"cause\":\(cause.code)}\n".utf8)
        }
    }

    private static func line(
        _ text: UnsafeRawBufferPointer, _ tail: [UInt8], _ number: UInt64, _ continues: Bool, to output: inout [UInt8]
    ) {
        output.append(contentsOf: begin)
        JSONText.escape(text, into: &output)
        output.append(contentsOf: tail)
        output.append(contentsOf: String(number).utf8)
        if continues { output.append(contentsOf: continuation) }
        output.append(UInt8(ascii: "}"))
        output.append(0x0A)
    }

    /// Reads one line, without its line feed; the text of a record goes to `text`, and is its payload.
    static func decode(_ bytes: UnsafeRawBufferPointer, text: inout [UInt8]) -> LogRecord? {
        guard let value = try? JSONReader.read(Array(bytes)), case .object(let entries) = value else { return nil }
        var record = LogRecord(
            kind: .output, stream: .standardOutput, time: WallTime(nanosecondsSinceEpoch: 0), first: 0, lines: 0,
            continues: false, open: [], payload: UnsafeRawBufferPointer(start: nil, count: 0))
        var log: String?
        var cause: UInt32 = 0
        for (key, value) in entries {
            switch (key, value) {
            case ("log", .string(let value)): log = value
            case ("stream", .string(let value)): record.stream = LogStream(rawValue: value) ?? .standardOutput
            case ("time", .string(let value)):
                guard let time = TimeText.rfc3339(value) else { return nil }
                record.time = time
            case ("seq", .integer(let value)): record.first = UInt64(clamping: value)
            case ("continues", .boolean(let value)): record.continues = value
            case ("dropped", .integer(let value)):
                record.kind = .dropped
                record.lines = UInt64(clamping: value)
            case ("cause", .integer(let value)): cause = UInt32(truncatingIfNeeded: value)
            default: break
            }
        }
        guard let log else { return nil }
        if record.kind == .dropped {
            text = withUnsafeBytes(of: cause.littleEndian) { Array($0) }
        } else {
            text = Array(log.utf8)
            record.lines = text.last == 0x0A ? 1 : 0
        }
        return record
    }
}
