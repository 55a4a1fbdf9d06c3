internal import Linux

/// A keeper's work.
final class TerminalKeeping {
    private final class Client {
        let socket: FileDescriptor
        var received: [UInt8] = []
        var unsent: [UInt8] = []

        init(_ socket: consuming FileDescriptor) { self.socket = socket }
    }

    private enum Token: UInt64 { case terminal, output, listener, process, signals, firstClient }

    private let terminal: FileDescriptor
    private let output: FileDescriptor
    private let listener: FileDescriptor
    private let process: FileDescriptor
    private let signals: SignalQueue
    private let poller: Poller
    private let takesInput: Bool
    private var clients: [UInt64: Client] = [:]
    private var nextClient = Token.firstClient.rawValue
    /// Shown, but not yet taken by the log; while there is some, the terminal waits.
    private var pending: [UInt8] = []
    /// Typed, but not yet taken by the service.
    private var typed: [UInt8] = []
    private var isWatchingTerminal = true

    /// A client that reads nothing is given up at this many bytes, and one that types more than is read has to wait.
    private static let patience = 1 << 20
    private static let mostTyped = 1 << 16

    init(_ descriptors: [CInt], takesInput: Bool) throws(SystemError) {
        terminal = FileDescriptor(owning: descriptors[0])
        output = FileDescriptor(owning: descriptors[1])
        listener = FileDescriptor(owning: descriptors[2])
        process = FileDescriptor(owning: descriptors[3])
        self.takesInput = takesInput
        // Whoever ends the supervisor's group does not mean us.
        signals = try SignalQueue([.hangUp, .interrupt, .terminate, .pipe])
        poller = try Poller()
        try terminal.setNonBlocking(true)
        try output.setNonBlocking(true)
        try poller.add(terminal, token: Token.terminal.rawValue)
        try poller.add(listener, token: Token.listener.rawValue)
        try poller.add(process, token: Token.process.rawValue)
        try poller.add(signals.descriptor, token: Token.signals.rawValue)
    }

    func run() throws(SystemError) {
        while true {
            for event in try poller.wait() {
                switch Token(rawValue: event.token) {
                case .terminal:
                    if event.readiness.contains(.writable) { try flushTyped() }
                    _ = try show()
                case .output: try flushPending()
                case .listener: while let socket = try listener.accept() { try add(socket) }
                case .process: return try finish()
                case .signals: while try signals.next() != nil {}
                case .firstClient, nil: try serve(event)
                }
            }
        }
    }

    // MARK: What the terminal shows

    /// - Returns: whether there was something.
    private func show() throws(SystemError) -> Bool {
        guard pending.isEmpty else { return false }
        let received: Received
        do {
            received = try terminal.read(upTo: 16384)
        } catch  where error.errno == .inputOutput {
            // Nobody has the other side open; the service may open it again, which nothing tells.
            received = .endOfFile
        }
        switch received {
        case .wouldBlock: return false
        case .endOfFile:
            if isWatchingTerminal { try poller.remove(terminal) }
            isWatchingTerminal = false
            return false
        case .bytes(let bytes):
            pending = bytes
            for (token, client) in clients {
                client.unsent += bytes
                try flush(client, token)
            }
            try flushPending()
            return true
        }
    }

    private func flushPending() throws(SystemError) {
        let wasWaiting = !pending.isEmpty
        if wasWaiting { pending.removeFirst(try output.write(pending)) }
        if pending.isEmpty {
            try? poller.remove(output)
        } else {
            try? poller.add(output, token: Token.output.rawValue, interests: .writable)
        }
        try watchTerminal()
    }

    private func watchTerminal() throws(SystemError) {
        guard isWatchingTerminal else { return }
        var interests: Poller.Readiness = pending.isEmpty ? .readable : []
        if !typed.isEmpty { interests.insert(.writable) }
        try poller.modify(terminal, token: Token.terminal.rawValue, interests: interests)
    }

    /// The service has ended: passes on what is left, for as long as somebody takes it.
    private func finish() throws(SystemError) {
        let end = MonotonicTime.now + .seconds(2)
        while .now < end {
            if try show() { continue }
            if pending.isEmpty { break }
            _ = try Poller().wait(timeout: .milliseconds(5))
            try flushPending()
        }
        for (token, client) in clients { try flush(client, token) }
    }

    // MARK: Who is attached

    private func add(_ socket: consuming FileDescriptor) throws(SystemError) {
        let peer = try socket.peerCredentials()
        guard peer.user == effectiveUserID || peer.user == 0 else { return }
        try socket.setNonBlocking(true)
        nextClient += 1
        try poller.add(socket, token: nextClient)
        clients[nextClient] = Client(socket)
    }

    private func remove(_ token: UInt64) {
        if let client = clients.removeValue(forKey: token) { try? poller.remove(client.socket) }
    }

    private func serve(_ event: Poller.Event) throws(SystemError) {
        guard let client = clients[event.token] else { return }
        if event.readiness.contains(.writable) { try flush(client, event.token) }
        switch try? client.socket.read(upTo: TerminalMessage.most) {
        case .bytes(let bytes): client.received += bytes
        case .wouldBlock: return
        case .endOfFile, nil: return remove(event.token)
        }
        while let message = TerminalMessage.next(&client.received) {
            switch message {
            case .typed(let bytes): if takesInput { typed += bytes }
            case .resized(let size): try? terminal.setTerminalSize(size)
            }
        }
        try flushTyped()
    }

    private func flush(_ client: Client, _ token: UInt64) throws(SystemError) {
        while !client.unsent.isEmpty {
            guard let count = try? client.socket.write(client.unsent) else { return remove(token) }
            if count == 0 { break }
            client.unsent.removeFirst(count)
        }
        if client.unsent.count > Self.patience { return remove(token) }
        try watch(client, token)
    }

    private func watch(_ client: Client, _ token: UInt64) throws(SystemError) {
        var interests: Poller.Readiness = typed.count < Self.mostTyped ? .readable : []
        if !client.unsent.isEmpty { interests.insert(.writable) }
        try poller.modify(client.socket, token: token, interests: interests)
    }

    private func flushTyped() throws(SystemError) {
        do {
            if !typed.isEmpty { typed.removeFirst(try terminal.write(typed)) }
        } catch  where error.errno == .inputOutput {
            typed = []
        }
        try watchTerminal()
        for (token, client) in clients { try watch(client, token) }
    }
}
