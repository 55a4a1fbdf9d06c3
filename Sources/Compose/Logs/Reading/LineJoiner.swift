internal import Linux

/// Makes lines of records again: puts together what came in pieces.
///
/// A line whose begin is not there, because it was dropped, or set aside and removed since, is left out: half a line would
/// be taken for a whole one.
struct LineJoiner {
    /// The begin of a line of each stream.
    private var parts: (output: [UInt8], error: [UInt8]) = ([], [])
    /// Whether there is one, if only an empty one.
    private var known = OpenLines()

    /// Takes a record apart: passes the lines that end in it, in order.
    mutating func take(_ record: LogRecord, _ body: (LogLine) throws -> Void) rethrows {
        let stream = OpenLines(record.stream)
        switch record.kind {
        case .dropped:
            forget(record.stream)
        case .lineEnd:
            if known.contains(stream) { try end(record, number: record.first, body) }
        case .output:
            var start = 0
            var number = record.first
            let isOpen = known.contains(stream)
            if record.continues {
                guard let lineEnd = record.payload.firstOffset(of: 0x0A) else {
                    if isOpen { add(record.payload, to: record.stream) }
                    return
                }
                if isOpen {
                    add(record.payload.part(0, lineEnd), to: record.stream)
                    try end(record, number: number, body)
                }
                start = lineEnd + 1
                number &+= 1
            } else if isOpen {
                forget(record.stream)
            }
            while let lineEnd = record.payload.firstOffset(of: 0x0A, from: start) {
                try body(
                    LogLine(
                        time: record.time, stream: record.stream, number: number,
                        text: record.payload.part(start, lineEnd)))
                start = lineEnd + 1
                number &+= 1
            }
            if start < record.payload.count {
                known.insert(stream)
                add(record.payload.part(start, record.payload.count), to: record.stream)
            }
        }
    }

    /// Passes what is there of lines that have not ended, as nothing more comes.
    mutating func finish(at time: WallTime, _ body: (LogLine) throws -> Void) rethrows {
        for stream in LogStream.allCases where known.contains(OpenLines(stream)) {
            let record = LogRecord(
                kind: .lineEnd, stream: stream, time: time, first: 0, lines: 0, continues: true, open: [],
                payload: UnsafeRawBufferPointer(start: nil, count: 0))
            try end(record, number: 0, body)
        }
    }

    private func end(_ line: [UInt8], _ record: LogRecord, _ number: UInt64, _ body: (LogLine) throws -> Void) rethrows
    {
        try line.withUnsafeBytes {
            try body(LogLine(time: record.time, stream: record.stream, number: number, text: $0))
        }
    }

    private mutating func end(
        _ record: LogRecord, number: UInt64, _ body: (LogLine) throws -> Void
    ) rethrows {
        defer { forget(record.stream) }
        try end(record.stream == .standardOutput ? parts.output : parts.error, record, number, body)
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer, to stream: LogStream) {
        switch stream {
        case .standardOutput: parts.output.append(contentsOf: bytes)
        case .standardError: parts.error.append(contentsOf: bytes)
        }
    }

    private mutating func forget(_ stream: LogStream) {
        known.remove(OpenLines(stream))
        // What a very long line took is given back.
        switch stream {
        case .standardOutput: parts.output.removeAll(keepingCapacity: parts.output.capacity <= 65536)
        case .standardError: parts.error.removeAll(keepingCapacity: parts.error.capacity <= 65536)
        }
    }
}
