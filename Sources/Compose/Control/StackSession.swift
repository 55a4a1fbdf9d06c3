internal import FoundationEssentials
public import Linux

/// A connection to the supervisor of a stack, over which things are asked for and what happens is heard.
public final class StackSession {
    private let socket: FileDescriptor
    private var received: [UInt8] = []

    /// What the supervisor says.
    public enum Word {
        case event(StackEvent)
        /// All that was before has been told; how things are comes next, then what happens.
        case watching
        /// A line that an instance printed and no log of ours keeps.
        case line(String, LogStream, [UInt8])
        /// What was asked for has been done; these instances failed.
        case done(failed: [String])
        /// What was asked for is not done, and why.
        case refused(String)
    }

    /// Talks to the supervisor that runs.
    ///
    /// - Returns: nil where none does.
    public convenience init?(running directory: StackDirectory) {
        guard let socket = try? FileDescriptor.connect(to: directory.socket) else { return nil }
        self.init(socket)
    }

    init(_ socket: consuming FileDescriptor) {
        self.socket = socket
    }

    /// Talks to the supervisor that runs, or to a new one; tells from now on everything that happens.
    ///
    /// - Throws: `SystemError` where none can be started.
    public static func watching(_ directory: StackDirectory) throws(SystemError) -> StackSession {
        // Another command may be starting or ending a supervisor in the same moment: then the next try meets the result.
        for _ in 0..<200 {
            let session: StackSession
            if let running = StackSession(running: directory) {
                session = running
            } else {
                session = StackSession(try BackgroundSupervisor.start(directory))
            }
            if (try? session.socket.sendAll(ControlLine.encode(ControlRequest.watch))) != nil,
                session.isGreeted()
            {
                return session
            }
            _ = try Poller().wait(timeout: .milliseconds(25))
        }
        throw SystemError("watch", "\(directory.project): another command keeps starting or stopping it", .busy)
    }

    /// Whether the supervisor is there and is the one: its first words say so. One that is just ending breaks off.
    private func isGreeted() -> Bool {
        while true {
            if let word = Self.next(&received, keeping: true) {
                if case .busy = word { return false }
                return true
            }
            guard case .bytes(let bytes)? = try? socket.read(upTo: 65536) else { return false }
            received += bytes
        }
    }

    /// Asks to be told what happens, after how things are.
    public func watch() throws(SystemError) { try send(.watch) }

    /// Asks for what has happened since a point in time, as far as the supervisor knows. To be called before `watch`.
    public func recall(since time: WallTime) throws(SystemError) {
        try send(.recall(since: time.nanosecondsSinceEpoch))
    }

    public func up(_ request: UpRequest) throws(SystemError) { try send(.up(request)) }
    public func operate(_ operation: StackOperation) throws(SystemError) { try send(.operate(operation)) }
    public func stop(within timeout: Double?) throws(SystemError) { try send(.stop(timeout: timeout)) }
    public func kill() throws(SystemError) { try send(.kill) }

    private func send(_ request: ControlRequest) throws(SystemError) {
        try socket.sendAll(ControlLine.encode(request))
    }

    /// Is reported under `token` when there is something to be heard.
    public func add(to poller: borrowing Poller, token: UInt64) throws(SystemError) {
        try poller.add(socket, token: token)
    }

    /// Waits for words.
    ///
    /// - Returns: nil once the supervisor has ended.
    public func hear() -> [Word]? {
        var words: [Word] = []
        while words.isEmpty {
            while let reply = Self.next(&received) {
                switch reply {
                case .event(let event): words.append(.event(event))
                case .done(let failed): words.append(.done(failed: failed))
                case .refused(let reason): words.append(.refused(reason))
                case .line(let instance, let stream, let bytes): words.append(.line(instance, stream, Array(bytes)))
                case .watching: words.append(.watching)
                case .busy: break
                }
            }
            guard words.isEmpty else { break }
            guard case .bytes(let bytes)? = try? socket.read(upTo: 65536) else { return nil }
            received += bytes
        }
        return words
    }

    static func next(_ received: inout [UInt8], keeping: Bool = false) -> ControlReply? {
        guard let end = received.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let reply = ControlLine.reply(received[..<end])
        if !keeping { received.removeFirst(end + 1) }
        return reply
    }
}
