public import Linux
internal import Runtime

extension RunningInstance {
    /// How somebody is connected to a service.
    public struct AttachOptions {
        /// Those that leave it alone again; nil where nothing is typed.
        public var detachKeys: DetachKeys?
        /// Whether signals are passed on.
        public var passesSignals = true

        public init() {}
    }

    /// How it ended.
    public enum AttachEnd: Hashable, Sendable {
        /// The service goes on.
        case left
        /// Ended by a signal to the caller, which was not passed on.
        case interrupted
        /// The service has ended; how, as far as anybody can tell.
        case ended(ExitStatus?)
    }

    /// Whether its streams are a terminal.
    public var hasTerminal: Bool { service.console.hasTerminal }
    /// Whether it can be typed to.
    public var takesInput: Bool { service.console.keepsInput }

    /// Connects the caller to the instance's first process, until that ends or the caller leaves.
    ///
    /// - Parameters:
    ///   - printed: for one without a terminal, becomes readable when there may be something to print.
    ///   - printNew: prints what has been printed.
    /// - Throws: `ExecutionFailure`.
    public func attach(
        _ options: AttachOptions, printed: borrowing Poller, printNew: () throws -> Void
    ) throws(ExecutionFailure) -> AttachEnd {
        let first = try open()
        if cgroup.isFrozen { throw .paused(name) }
        do {
            let signals = try SignalQueue(Signal.forwardable)
            let keys = takesInput ? options.detachKeys : nil
            var isInterrupted = false
            func handle(_ signal: Signal) -> Bool {
                guard signal != .child, signal != .pipe else { return true }
                if options.passesSignals { try? first.send(signal) } else { isInterrupted = true }
                return options.passesSignals
            }
            let hasEnded: Bool
            if hasTerminal {
                let attachment = try TerminalAttachment(directory.terminal(of: name), keys: keys)
                defer { attachment.end() }
                hasEnded = try attachment.relay(signals, signal: handle)
            } else {
                hasEnded = try relay(first, keys != nil, signals, printed, printNew, handle)
            }
            if isInterrupted { return .interrupted }
            return hasEnded ? .ended(try ending(of: first)) : .left
        } catch {
            throw ExecutionFailure(error, doing: name)
        }
    }

    private enum Token: UInt64 { case process, signals, printed, input, service }

    /// - Returns: whether the service has ended, and the caller has not left.
    private func relay(
        _ first: borrowing ProcessHandle, _ types: Bool, _ signals: borrowing SignalQueue,
        _ printed: borrowing Poller, _ printNew: () throws -> Void, _ handle: (Signal) -> Bool
    ) throws -> Bool {
        let poller = try Poller()
        try poller.add(first.descriptor, token: Token.process.rawValue)
        try poller.add(signals.descriptor, token: Token.signals.rawValue)
        try poller.add(printed.descriptor, token: Token.printed.rawValue)
        let input = try TypedInput(
            types ? directory.input(of: name) : nil, poller, Token.input.rawValue, Token.service.rawValue)
        try printNew()
        while true {
            for event in try poller.wait(timeout: input.isFile ? .zero : nil) {
                switch Token(rawValue: event.token) {
                case .process:
                    try printNew()
                    return true
                case .printed: try printNew()
                case .input: try input.read(poller)
                case .service: try input.flush(poller)
                case .signals, nil: break
                }
            }
            if input.isFile { try input.read(poller) }
            while let signal = try signals.next() {
                if !handle(signal) { return false }
            }
        }
    }

    /// How the first process has ended: the kernel may tell, else the supervisor does, which takes a moment.
    private func ending(of first: borrowing ProcessHandle) throws(SystemError) -> ExitStatus? {
        let poller = try Poller()
        try poller.add(first.descriptor, token: 0)
        guard try !poller.wait(timeout: .seconds(5)).isEmpty else { return nil }
        if case .ended(let status?) = first.ending() { return status }
        for _ in 0..<100 {
            if let record = StackState(directory)?.instances.first(where: { $0.name == name }),
                record.identity != process
            {
                return record.lastExit
            }
            _ = try Poller().wait(timeout: .milliseconds(20))
        }
        return nil
    }
}
