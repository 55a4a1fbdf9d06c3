public import Linux

/// Stands in for a container's process until it ends: passes signals and, with a terminal, keys and prints on.
public enum ForegroundProcess {
    /// - Parameter terminal: the process's; nil where it has the caller's streams.
    static func wait(
        for process: borrowing ProcessHandle, terminal: consuming FileDescriptor?, signals: borrowing SignalQueue,
        forwarded: (Signal) -> Void = { _ in }
    ) throws(SystemError) -> ExitStatus {
        guard let terminal else { return try process.wait(forwarding: signals, forwarded: forwarded) }
        let session = try TerminalSession(terminal, readsInput: true)
        defer { session.end() }
        return try session.relay(for: process, signals: signals)
    }
}

extension StartedExecution {
    /// Waits for the process's end.
    public consuming func wait() throws(SystemError) -> ExitStatus {
        try wait(forwarding: try SignalQueue(Signal.forwardable))
    }

    /// The same for a caller that has begun to catch signals before, and is told of each that is passed on.
    public consuming func wait(
        forwarding signals: borrowing SignalQueue, forwarded: (Signal) -> Void = { _ in }
    ) throws(SystemError) -> ExitStatus {
        let container = container
        return try ForegroundProcess.wait(
            for: container.process, terminal: terminal, signals: signals, forwarded: forwarded)
    }
}

extension CreatedContainer {
    /// Starts the container, waits for its end, and takes it away unless it is to be kept.
    ///
    /// - Parameter warn: told of hooks that failed.
    public consuming func run(
        keep: Bool, warn: (String) -> Void
    ) throws(LifecycleError) -> ExitStatus {
        let (container, stored) = (container, stored)
        let status: ExitStatus
        do {
            let signals = try SignalQueue(Signal.forwardable)
            try stored.start()
            status = try ForegroundProcess.wait(for: container.process, terminal: terminal, signals: signals)
        } catch let error as LifecycleError {
            try? container.process.send(.kill)
            try? stored.delete(force: true, warn: warn)
            throw error
        } catch {
            try? container.process.send(.kill)
            try? stored.delete(force: true, warn: warn)
            throw .system(SystemError("wait for", "\(stored.name)", .inputOutput))
        }
        if !keep { try stored.delete(force: true, warn: warn) }
        return status
    }
}
