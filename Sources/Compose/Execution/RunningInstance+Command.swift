public import Linux
internal import Runtime

extension RunningInstance {
    /// How a command is run for somebody who waits for it, or does not.
    public enum Attachment: Hashable, Sendable {
        /// The caller's streams are the command's.
        case streams
        /// The same without standard input.
        case outputs
        /// The command has a terminal, to which the caller's is connected.
        case terminal
        /// It runs on by itself, and what it prints is lost.
        case detached
    }

    /// Runs a command and waits for its end, unless it is detached.
    ///
    /// What it has started and left running goes on.
    ///
    /// - Returns: how it ended; nil for one that is detached.
    /// - Throws: `ExecutionFailure`, also where it never ran.
    public func run(_ command: ServiceCommand, _ attachment: Attachment) throws(ExecutionFailure) -> ExitStatus? {
        let first = try open()
        if cgroup.isFrozen { throw .paused(name) }
        CgroupLeaf.removeAbandoned(below: cgroup)
        do {
            guard attachment != .detached else {
                _ = try begin(command, first, input: false, outputs: false)
                return nil
            }
            // From here on signals are for the command.
            let signals = try SignalQueue(Signal.forwardable)
            guard attachment == .terminal else {
                let execution = try begin(command, first, input: attachment == .streams, outputs: true)
                defer { execution.removeIfEmpty() }
                return try execution.container.process.wait(forwarding: signals)
            }
            let leaf = try CgroupLeaf(below: cgroup)
            defer { leaf.removeIfEmpty() }
            var command = command
            command.hasTerminal = true
            return try command.joining(service, beside: first.processID, cgroup: leaf.entry, layout: .usable())
                .start(beside: first, runBase: runBase, terminalSize: try? FileDescriptor.duplicate(0).terminalSize())
                .wait(forwarding: signals)
        } catch let error as RuntimeError {
            throw .runtime(error)
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw .system(SystemError("run", name, .inputOutput))
        }
    }

    /// Starts a command, and returns once it runs.
    ///
    /// - Parameters:
    ///   - input: whether it reads what we read.
    ///   - outputs: whether it prints to where we print.
    private func begin(
        _ command: ServiceCommand, _ first: borrowing ProcessHandle, input: Bool, outputs: Bool
    ) throws -> ServiceExecution {
        let nothing = try FileDescriptor.open("/dev/null", .readWrite).release()
        defer { _ = FileDescriptor(owning: nothing) }
        let execution = try ServiceExecution(
            command, in: service, beside: first, cgroup: cgroup, layout: .usable(), runBase: runBase,
            streams: [input ? 0 : nothing, outputs ? 1 : nothing, outputs ? 2 : nothing])
        do {
            let poller = try Poller()
            try poller.add(execution.starting.control, token: 0)
            while !(try execution.advance()) { _ = try poller.wait() }
            return execution
        } catch {
            execution.kill()
            execution.removeIfEmpty()
            throw error
        }
    }
}
