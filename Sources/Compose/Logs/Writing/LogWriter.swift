internal import Linux

/// Keeps what one instance prints, in whichever way its `logging` says, numbered line by line.
///
/// It never fails: what cannot be kept is counted, and a record says so as soon as something can be written again. Lines are
/// kept whole or not at all. Nothing is held back in memory: a line that has not ended is kept as far as it has come.
final class LogWriter {
    private let instance: LogSource
    private let project: ProjectName
    private let logging: Logging
    private let directory: String
    private let compressor: LogCompressor?
    private let complain: (String) -> Void
    private var destination: (any LogDestination)?
    private var dropped = (output: Dropped(), error: Dropped())
    private var hasComplained = false

    /// Lines of a stream that were not kept, and that no record tells of yet.
    private struct Dropped {
        var lines: UInt64 = 0
        /// Whether the stream stands in the middle of a line whose begin was not kept.
        var isInLine = false
        var cause = DropCause.overflow

        var isEmpty: Bool { lines == 0 && !isInLine }
    }

    /// - Parameter complain: told a sentence when lines cannot be written, once for each time that begins.
    init(
        _ instance: LogSource, of project: ProjectName, _ logging: Logging, directory: String,
        compressor: LogCompressor?, complain: @escaping (String) -> Void = LogWriter.complain
    ) {
        self.instance = instance
        self.project = project
        self.logging = logging
        self.directory = directory
        self.compressor = compressor
        self.complain = complain
    }

    /// Standard error is the terminal of whoever runs the supervisor, or its own log.
    private static func complain(_ sentence: String) {
        try? FileDescriptor.duplicate(2).writeAll("gocker-compose: \(sentence)\n".utf8)
    }

    /// Keeps what was read of a stream.
    func append(_ bytes: UnsafeRawBufferPointer, from stream: LogStream, at time: WallTime = .now) {
        if case .none = logging.driver { return }
        var bytes = bytes
        if self[stream].isInLine {
            // The end of a line whose begin is lost.
            guard let end = bytes.firstOffset(of: 0x0A) else { return }
            self[stream].isInLine = false
            self[stream].lines += 1
            bytes = bytes.part(end + 1, bytes.count)
        }
        guard !bytes.isEmpty else { return }
        do {
            let destination = try open()
            for stream in LogStream.allCases where self[stream].lines > 0 {
                try tellDropped(of: stream, to: destination, at: time)
            }
            try destination.write(&bytes, from: stream, at: time)
            hasComplained = false
        } catch {
            drop(bytes, from: stream, .failure(error.errno))
            if !hasComplained { complain("\(instance): its output is not kept: \(error)") }
            hasComplained = true
        }
    }

    /// Does not keep what was read of a stream, and counts its lines.
    func drop(_ bytes: UnsafeRawBufferPointer, from stream: LogStream, _ cause: DropCause = .overflow) {
        guard logging.driver != .none, let last = bytes.last else { return }
        self[stream].lines += UInt64(bytes.lineFeedCount)
        self[stream].isInLine = last != 0x0A
        self[stream].cause = cause
    }

    /// Ends the lines that are open: what comes next is of another run of the service.
    ///
    /// To be called when a run has ended, and before one begins: nobody may have seen the end of the one before.
    func endRun(at time: WallTime = .now) {
        guard logging.driver != .none, destination != nil || hasFiles else { return }
        for stream in LogStream.allCases {
            if self[stream].isInLine {
                self[stream].isInLine = false
                self[stream].lines += 1
            }
            guard let destination = try? open() else { continue }
            if self[stream].lines > 0 { try? tellDropped(of: stream, to: destination, at: time) }
            try? destination.endLine(of: stream, at: time)
        }
    }

    /// Whether somebody else has written something, which an earlier supervisor may have.
    private var hasFiles: Bool {
        guard logging.isReadable else { return false }
        return LogFileName.Kind.allCases.contains {
            (try? FileStatus.ofLink("\(directory)/\(LogFileName("\(instance)", $0).text)")) != nil
        }
    }

    private func tellDropped(
        of stream: LogStream, to destination: any LogDestination, at time: WallTime
    ) throws(SystemError) {
        try destination.tellDropped(self[stream].lines, self[stream].cause, from: stream, at: time)
        self[stream].lines = 0
    }

    private subscript(stream: LogStream) -> Dropped {
        get { stream == .standardOutput ? dropped.output : dropped.error }
        set {
            switch stream {
            case .standardOutput: dropped.output = newValue
            case .standardError: dropped.error = newValue
            }
        }
    }

    /// Opens files and sockets when there is something for them: a service that prints nothing costs nothing.
    private func open() throws(SystemError) -> any LogDestination {
        if let destination { return destination }
        let opened: any LogDestination
        switch logging.driver {
        case .local(let rotation):
            opened = FileDestination(
                try LogFiles("\(instance)", in: directory, .local, rotation, compressor: compressor))
        case .jsonFile(let rotation):
            opened = FileDestination(
                try LogFiles("\(instance)", in: directory, .json, rotation, compressor: compressor))
        case .journald(let tag):
            opened = MessageDestination(try JournalSender(instance, of: project, tag: tag))
        case .syslog(let options):
            opened = MessageDestination(try SyslogSender(instance, of: project, options))
        case .none:
            opened = NoDestination()
        }
        destination = opened
        return opened
    }
}

/// Where the lines of an instance go.
protocol LogDestination: AnyObject {
    /// Takes what was read of a stream. Where that fails, `bytes` is what is not kept.
    func write(_ bytes: inout UnsafeRawBufferPointer, from stream: LogStream, at time: WallTime) throws(SystemError)

    /// Says that lines were not kept; the open line of the stream, if there is one, is among them.
    func tellDropped(
        _ lines: UInt64, _ cause: DropCause, from stream: LogStream, at time: WallTime
    ) throws(SystemError)

    /// Ends the open line of a stream, where there is one.
    func endLine(of stream: LogStream, at time: WallTime) throws(SystemError)
}

/// The driver `none`.
final class NoDestination: LogDestination {
    func write(_ bytes: inout UnsafeRawBufferPointer, from stream: LogStream, at time: WallTime) {}
    func tellDropped(_ lines: UInt64, _ cause: DropCause, from stream: LogStream, at time: WallTime) {}
    func endLine(of stream: LogStream, at time: WallTime) {}
}

/// Files, with the numbers and the open lines that they keep.
final class FileDestination: LogDestination {
    private let files: LogFiles

    init(_ files: LogFiles) {
        self.files = files
    }

    private func record(
        _ kind: LogRecord.Kind, _ stream: LogStream, _ time: WallTime, lines: UInt64,
        payload: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) -> LogRecord {
        let end = files.end
        var record = LogRecord(
            kind: kind, stream: stream, time: time, first: end.next, lines: lines,
            continues: end.open.contains(OpenLines(stream)), open: end.open, payload: payload)
        record.open.remove(OpenLines(stream))
        return record
    }

    func write(
        _ bytes: inout UnsafeRawBufferPointer, from stream: LogStream, at time: WallTime
    ) throws(SystemError) {
        guard let last = bytes.last else { return }
        var record = record(.output, stream, time, lines: UInt64(bytes.lineFeedCount), payload: bytes)
        if last != 0x0A { record.open.insert(OpenLines(stream)) }
        defer { bytes = record.payload }
        try files.append(&record)
    }

    func tellDropped(
        _ lines: UInt64, _ cause: DropCause, from stream: LogStream, at time: WallTime
    ) throws(SystemError) {
        let code = withUnsafeBytes(of: cause.code.littleEndian) { Array($0) }
        try code.withBytes { (payload) throws(SystemError) in
            var record = record(.dropped, stream, time, lines: lines, payload: payload)
            try files.append(&record)
        }
    }

    func endLine(of stream: LogStream, at time: WallTime) throws(SystemError) {
        guard files.end.open.contains(OpenLines(stream)) else { return }
        var record = record(.lineEnd, stream, time, lines: 1)
        try files.append(&record)
    }
}
