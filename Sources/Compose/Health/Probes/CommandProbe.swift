internal import Linux
internal import Runtime

/// Whether a command that is run inside the service exits with 0.
final class CommandProbe: Probe {
    private enum Source: UInt8 {
        case control, process, output
    }

    private let command: ServiceCommand
    private let target: ProbeTarget
    private var execution: ServiceExecution?
    private var reader: OwnedDescriptor?
    private var output: [UInt8] = []
    private(set) var remains: CommandRemains?

    init(_ command: ServiceCommand, _ target: ProbeTarget) {
        self.command = command
        self.target = target
    }

    func begin(_ waiter: ProbeWaiter) -> ProbeOutcome? {
        attempt(waiter) { () throws(RuntimeError) in
            try start()
            guard let execution, let reader else { return nil }
            try wait(waiter, for: execution.starting.control, .control)
            try wait(waiter, for: reader.file, .output)
            return nil
        }
    }

    private func start() throws(RuntimeError) {
        let surroundings = target.surroundings
        let nothing = try setUp { () throws(SystemError) in try FileDescriptor.open("/dev/null") }
        let pipe = try setUp { () throws(SystemError) in try Pipe() }
        try setUp { () throws(SystemError) in try pipe.reader.setNonBlocking(true) }
        execution = try ServiceExecution(
            command, in: target.service, beside: target.process, cgroup: target.cgroup, layout: surroundings.layout,
            runBase: surroundings.runBase,
            streams: [nothing.number, pipe.writer.number, pipe.writer.number], for: .supervision)
        reader = OwnedDescriptor(pipe.keepingReader())
    }

    private func wait(
        _ waiter: ProbeWaiter, for file: borrowing FileDescriptor, _ source: Source
    ) throws(RuntimeError) {
        try setUp { () throws(SystemError) in try waiter.wait(for: file, .readable, as: source.rawValue) }
    }

    private func setUp<Value: ~Copyable>(
        _ body: () throws(SystemError) -> Value
    ) throws(RuntimeError) -> Value {
        do {
            return try body()
        } catch {
            throw .setup(error)
        }
    }

    func proceed(_ source: UInt8, _ waiter: ProbeWaiter) -> ProbeOutcome? {
        attempt(waiter) { () throws(RuntimeError) in
            guard let execution, let source = Source(rawValue: source) else { return nil }
            switch source {
            case .control:
                guard try execution.advance() else { return nil }
                waiter.forget(Source.control.rawValue, execution.starting.control)
                try wait(waiter, for: execution.container.process.descriptor, .process)
                return nil
            case .output:
                if read() { forgetOutput(waiter) }
                return nil
            case .process:
                guard let status = execution.poll() else { return nil }
                _ = read()
                finish(waiter, isReaped: true)
                return ProbeOutcome(exitCode: status.shellCode, output: output)
            }
        }
    }

    func abandon(_ waiter: ProbeWaiter) -> [UInt8] {
        _ = read()
        finish(waiter, isReaped: false)
        return output
    }

    /// What cannot be run has failed, as with Docker.
    private func attempt(
        _ waiter: ProbeWaiter, _ body: () throws(RuntimeError) -> ProbeOutcome?
    ) -> ProbeOutcome? {
        do {
            return try body()
        } catch {
            finish(waiter, isReaped: execution?.isRunning != true)
            return ProbeOutcome(exitCode: ProbeOutcome.none, "\(error)")
        }
    }

    /// Ends all of it: what it has left running would otherwise go on beside the service for good.
    private func finish(_ waiter: ProbeWaiter, isReaped: Bool) {
        forgetOutput(waiter)
        guard let execution else { return }
        self.execution = nil
        waiter.forget(Source.control.rawValue, execution.starting.control)
        waiter.forget(Source.process.rawValue, execution.container.process.descriptor)
        if isReaped, execution.removeIfEmpty() { return }
        execution.kill()
        remains = CommandRemains(execution, isReaped: isReaped)
    }

    /// At its end it would be reported over and over.
    private func forgetOutput(_ waiter: ProbeWaiter) {
        guard let reader else { return }
        waiter.forget(Source.output.rawValue, reader.file)
        self.reader = nil
    }

    /// Takes what it has said, a bounded part of it at a time. More than is kept is read all the same, so that the command
    /// does not wait for us.
    ///
    /// - Returns: whether nothing more comes.
    private func read() -> Bool {
        guard let reader else { return true }
        for _ in 0..<16 {
            guard let received = try? reader.file.read(upTo: 4096) else { return true }
            switch received {
            case .bytes(let bytes): output += bytes.prefix(max(0, ProbeOutcome.outputLimit + 1 - output.count))
            case .endOfFile: return true
            case .wouldBlock: return false
            }
        }
        return false
    }
}
