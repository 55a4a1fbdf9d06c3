internal import Linux

/// One output of a service on its way to the log: a named FIFO that the service holds open by itself.
///
/// The service's own descriptor reads as well as writes. Should the supervisor die, the FIFO still has a reader: the
/// service is neither ended by a broken pipe nor blocked before the pipe is full, and what it printed waits there.
final class OutputPump {
    let stream: LogStream
    let reader: FileDescriptor
    private let path: String
    private var splitter = LineSplitter()

    init(_ stream: LogStream, path: String) throws(SystemError) {
        self.stream = stream
        self.path = path
        do {
            try makeFIFO(path, mode: 0o600)
        } catch  where error.errno == .fileExists {}
        // Open for writing too: without any writer a FIFO would report its end over and over.
        reader = try FileDescriptor.open(path, [.readWrite, .nonBlocking, .noFollow])
    }

    /// The end for the service.
    func openForService() throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(path, [.readWrite, .noFollow])
    }

    /// The lines that have come, up to a bound, so that one service that floods does not hold up the others.
    func take() throws(SystemError) -> [LogLine] {
        guard case .bytes(let bytes) = try reader.read(upTo: 65536) else { return [] }
        return lines(splitter.take(bytes))
    }

    /// The lines that are left once the service has ended.
    func drain() throws(SystemError) -> [LogLine] {
        var all: [LogLine] = []
        while case .bytes(let bytes) = try reader.read(upTo: 65536) { all += lines(splitter.take(bytes)) }
        if let piece = splitter.finish() { all += lines([piece]) }
        return all
    }

    private func lines(_ pieces: [LineSplitter.Piece]) -> [LogLine] {
        let now = WallTime.now
        return pieces.map { LogLine(time: now, stream: stream, isComplete: $0.isComplete, text: $0.text) }
    }
}
