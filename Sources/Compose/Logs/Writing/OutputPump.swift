internal import Linux

/// One output of a service on its way to the log: a named FIFO that the service holds open by itself.
///
/// The service's own descriptor reads as well as writes. Should the supervisor die, the FIFO still has a reader: the
/// service is neither ended by a broken pipe nor blocked before the pipe is full, and what it printed waits there.
final class OutputPump {
    let stream: LogStream
    let reader: FileDescriptor
    private let path: String
    private let log: LogWriter
    private let mode: Logging.Mode
    private var isLarge = false
    private var cutter = LineCutter()
    private var lastRead: MonotonicTime?
    /// How many reads have come hard on the heels of the one before.
    private var hurriedReads = 0
    /// Whether it had better rest before it is read again: it was read again and again for a little. What comes meanwhile is
    /// read at once then. The service gets on better, too, without us beside it at each of its writes.
    private(set) var isResting = false

    /// How long it rests.
    static let rest = Duration.milliseconds(1)
    private static let patience = 16

    /// What a pipe is made to hold once it was full: a sixteenth of the system calls and switches. Not before, though a
    /// pipe takes memory only for what is in it: the kernel counts what could be against a limit of the user.
    private static let largeCapacity = 1 << 20

    init(_ stream: LogStream, path: String, log: LogWriter, mode: Logging.Mode) throws(SystemError) {
        self.stream = stream
        self.path = path
        self.log = log
        self.mode = mode
        do {
            try makeFIFO(path, mode: 0o600)
        } catch  where error.errno == .fileExists {}
        // Open for writing too: without any writer a FIFO would report its end over and over.
        reader = try FileDescriptor.open(path, [.readWrite, .nonBlocking, .noFollow])
        if case .nonBlocking = mode { enlarge() }
    }

    /// The end for the service.
    func openForService() throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(path, [.readWrite, .noFollow])
    }

    /// Keeps what has come, up to a bound, so that one service that floods does not hold up the others; the service waits
    /// for the rest, or, with `mode: non-blocking`, the rest is dropped.
    ///
    /// - Parameter lines: passed each line, kept or not, without its line feed, a very long one in parts; nil where
    ///   nobody wants them, which costs nothing.
    func take(
        _ buffer: OutputBuffer, at now: MonotonicTime = .now, lines: ((UnsafeRawBufferPointer) -> Void)? = nil
    ) throws(SystemError) {
        switch mode {
        case .blocking:
            let bytes = try buffer.read(reader)
            noteRead(bytes?.count ?? 0, at: now)
            guard let bytes else { return }
            // Half full: short writes leave a part of each page empty.
            if bytes.count >= OutputBuffer.ordinaryPipe / 2, !isLarge { enlarge() }
            log.append(bytes, from: stream)
            pass(bytes, to: lines)
        case .nonBlocking(let kept):
            var room = kept.bytes
            var turns = 0
            while let bytes = try buffer.read(reader) {
                // Whole lines, as far as there is room.
                let end =
                    room < bytes.count ? bytes.lastOffset(of: 0x0A, before: Int(room)).map { $0 + 1 } ?? 0 : bytes.count
                log.append(bytes.part(0, end), from: stream)
                log.drop(bytes.part(end, bytes.count), from: stream)
                room = end < bytes.count ? 0 : room - Int64(end)
                pass(bytes, to: lines)
                // A service that prints as fast as it is read would keep us here for ever.
                turns += 1
                if turns == Self.mostTurns { return }
            }
        }
    }

    private static let mostTurns = 64

    private func noteRead(_ count: Int, at now: MonotonicTime) {
        let isHurried = count > 0 && lastRead.map { now - $0 < Self.rest * 3 } == true
        hurriedReads = isHurried ? hurriedReads + 1 : 0
        lastRead = now
        isResting = hurriedReads >= Self.patience && count < OutputBuffer.size
    }

    /// Keeps all that is left once the service has ended.
    func drain(_ buffer: OutputBuffer, lines: ((UnsafeRawBufferPointer) -> Void)? = nil) throws(SystemError) {
        while let bytes = try buffer.read(reader) {
            log.append(bytes, from: stream)
            pass(bytes, to: lines)
        }
    }

    private func pass(_ bytes: UnsafeRawBufferPointer, to lines: ((UnsafeRawBufferPointer) -> Void)?) {
        guard let lines else { return }
        cutter.take(bytes) { line, _ in lines(line) }
    }

    /// Where the user's pipes hold all they may, it stays as it is.
    private func enlarge() {
        isLarge = true
        try? reader.setPipeCapacity(Self.largeCapacity)
    }
}

/// What outputs are read into, one after the other: one for the whole supervisor.
final class OutputBuffer {
    /// What a pipe holds unless somebody says otherwise. See pipe(7).
    static let ordinaryPipe = 64 << 10
    static let size = 256 << 10

    private let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)

    deinit { bytes.deallocate() }

    /// Reads once what is there.
    ///
    /// - Returns: what was read, good until the next time; nil where there is nothing.
    func read(_ reader: borrowing FileDescriptor) throws(SystemError) -> UnsafeRawBufferPointer? {
        guard let count = try reader.readAvailable(into: bytes), count > 0 else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }
}
