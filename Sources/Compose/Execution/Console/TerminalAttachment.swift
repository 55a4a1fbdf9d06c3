internal import Linux
internal import Runtime

/// The caller's terminal connected to a service's, through the keeper of that.
final class TerminalAttachment {
    private let socket: FileDescriptor
    private let input: FileDescriptor
    private let output: FileDescriptor
    private let terminal: RawTerminal?
    private var keys: DetachKeys?

    private enum Token: UInt64 { case socket, input, signals }

    /// - Parameters:
    ///   - keys: nil where nothing is typed.
    ///   - path: where the keeper is.
    init(_ path: String, keys: DetachKeys?) throws(SystemError) {
        socket = try FileDescriptor.connect(to: path)
        input = try FileDescriptor.duplicate(0)
        output = try FileDescriptor.duplicate(1)
        self.keys = keys
        terminal = keys != nil ? try RawTerminal(input) : nil
    }

    /// Gives the caller's terminal back as it was.
    func end() { terminal?.restore() }

    /// Passes on what is typed and shown.
    ///
    /// - Parameter signal: told of a signal; returns whether to go on.
    /// - Returns: whether the service has ended, and the caller has not left.
    func relay(_ signals: borrowing SignalQueue, signal: (Signal) -> Bool) throws(SystemError) -> Bool {
        let poller = try Poller()
        try poller.add(socket, token: Token.socket.rawValue)
        try poller.add(signals.descriptor, token: Token.signals.rawValue)
        var inputIsFile = false
        if keys != nil {
            do {
                try poller.add(input, token: Token.input.rawValue)
            } catch  where error.errno == .operationNotPermitted {
                // A regular file is always ready, which epoll does not deal in.
                inputIsFile = true
            }
        }
        resize()
        while true {
            if inputIsFile { inputIsFile = try takeInput(poller) != .over }
            for event in try poller.wait(timeout: inputIsFile ? .zero : nil) {
                switch Token(rawValue: event.token) {
                case .socket:
                    switch try? socket.read(upTo: 16384) {
                    case .bytes(let bytes): try output.writeAll(bytes)
                    case .wouldBlock: break
                    case .endOfFile, nil: return true
                    }
                case .input: if try takeInput(poller) == .left { return false }
                case .signals, nil: break
                }
            }
            while let next = try signals.next() {
                if next == .windowChanged { resize() } else if !signal(next) { return false }
            }
        }
    }

    private enum Input { case passed, over, left }

    private func takeInput(_ poller: borrowing Poller) throws(SystemError) -> Input {
        guard case .bytes(let bytes) = try input.read(upTo: 1024) else {
            // Its end is not the service's: that goes on without anybody who types.
            try? poller.remove(input)
            return .over
        }
        guard let (passed, isOver) = keys?.take(bytes) else { return .over }
        if !passed.isEmpty { try? socket.sendAll(TerminalMessage.typed(passed).bytes) }
        return isOver ? .left : .passed
    }

    private func resize() {
        guard let size = (try? input.terminalSize()) ?? (try? output.terminalSize()), size.columns > 0 else { return }
        try? socket.sendAll(TerminalMessage.resized(size).bytes)
    }
}
