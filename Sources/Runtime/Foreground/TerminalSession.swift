internal import Linux

/// The connection between the caller's terminal and a container's, for as long as the container runs.
final class TerminalSession {
    private let container: FileDescriptor
    private let input: FileDescriptor
    private let output: FileDescriptor
    private let terminal: RawTerminal?
    /// Typed, but not yet taken by the container.
    private var pending: [UInt8] = []
    private var readsInput: Bool

    private enum Token: UInt64 {
        case signals, process, container, input
    }

    /// Sets the caller's terminal so that every key goes to the container.
    init(_ container: consuming FileDescriptor, readsInput: Bool) throws(SystemError) {
        try container.setNonBlocking(true)
        self.container = container
        self.readsInput = readsInput
        input = try FileDescriptor.duplicate(0)
        output = try FileDescriptor.duplicate(1)
        terminal = readsInput ? try RawTerminal(input) : nil
    }

    /// Gives the caller's terminal back as it was.
    func end() { terminal?.restore() }

    /// Passes bytes and signals on until the container's first process ends.
    func relay(
        for process: borrowing ProcessHandle, signals: borrowing SignalQueue
    ) throws(SystemError) -> ExitStatus {
        let poller = try Poller()
        try poller.add(signals.descriptor, token: Token.signals.rawValue)
        try poller.add(process.descriptor, token: Token.process.rawValue)
        try poller.add(container, token: Token.container.rawValue)
        var inputIsFile = false
        if readsInput {
            do {
                try poller.add(input, token: Token.input.rawValue)
            } catch  where error.errno == .operationNotPermitted {
                // A regular file is always ready, which epoll does not deal in.
                inputIsFile = true
            }
        }
        while true {
            let isReady = inputIsFile && readsInput && pending.isEmpty
            for event in try poller.wait(timeout: isReady ? .zero : nil) {
                switch Token(rawValue: event.token) {
                case .container:
                    try drain(poller)
                    if event.readiness.contains(.writable) { try flush(poller) }
                case .input: try readInput(poller)
                case .process:
                    if let status = try process.poll() {
                        while (try? copyOutput()) == true {}
                        return status
                    }
                case .signals, nil: break
                }
            }
            if isReady { try readInput(poller) }
            while let signal = try signals.next() {
                if signal == .windowChanged {
                    if let size = try? input.terminalSize() { try container.setTerminalSize(size) }
                } else {
                    try process.forward(signal)
                }
            }
        }
    }

    /// Copies what the container printed; once nobody has its terminal open any more, stops listening.
    private func drain(_ poller: borrowing Poller) throws(SystemError) {
        do {
            _ = try copyOutput()
        } catch  where error.errno == .inputOutput {
            try poller.remove(container)
        }
    }

    /// - Returns: whether there was something to copy.
    private func copyOutput() throws(SystemError) -> Bool {
        guard case .bytes(let bytes) = try container.read(upTo: 16384) else { return false }
        try output.writeAll(bytes)
        return true
    }

    private func readInput(_ poller: borrowing Poller) throws(SystemError) {
        guard pending.isEmpty else { return }
        switch try input.read(upTo: 4096) {
        case .bytes(let bytes):
            pending = bytes
        case .endOfFile:
            readsInput = false
            try? poller.remove(input)
            // Control-D: what a terminal has in place of an end.
            pending = [4]
        case .wouldBlock:
            return
        }
        try flush(poller)
    }

    /// Hands typed bytes over; while the container does not take them, nothing more is read.
    private func flush(_ poller: borrowing Poller) throws(SystemError) {
        guard !pending.isEmpty else { return }
        do {
            pending.removeFirst(try container.write(pending))
        } catch  where error.errno == .inputOutput {
            pending = []
            return
        }
        let interests: Poller.Readiness = pending.isEmpty ? .readable : [.readable, .writable]
        try poller.modify(container, token: Token.container.rawValue, interests: interests)
        if readsInput {
            try? poller.modify(input, token: Token.input.rawValue, interests: pending.isEmpty ? .readable : [])
        }
    }
}
