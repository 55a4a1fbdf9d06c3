public import Linux

/// A container whose first process has been started.
public final class Container: Sendable {
    /// The container's first process: the init stage, then the payload.
    public let process: ProcessHandle
    /// Becomes readable when the payload runs (end of file), when the init stage waits, or when something failed.
    public let control: FileDescriptor
    private let cgroup: Cgroup?
    /// The operations that fail where the command is at fault.
    private let executions: (find: Int, execute: Int)

    convenience init(
        process: consuming ProcessHandle, control: consuming FileDescriptor, cgroup: Cgroup?, program: InitProgram
    ) {
        var find = -1
        for (index, operation) in program.operations.enumerated() {
            if case .findCommand = operation { find = index }
        }
        self.init(
            process: process, control: control, cgroup: cgroup, executions: (find, program.operations.count - 1))
    }

    /// A container that another process has started, and whose payload runs.
    public convenience init(adopting process: consuming ProcessHandle, cgroup: Cgroup) throws(SystemError) {
        // There is nothing to be heard from its init stage any more.
        let silence = try FileDescriptor.open("/dev/null")
        self.init(process: process, control: silence, cgroup: cgroup, executions: (-1, -1))
    }

    private init(
        process: consuming ProcessHandle, control: consuming FileDescriptor, cgroup: Cgroup?,
        executions: (find: Int, execute: Int)
    ) {
        self.process = process
        self.control = control
        self.cgroup = cgroup
        self.executions = executions
    }

    /// Waits until the payload runs.
    ///
    /// - Throws: `RuntimeError` naming the operation that failed. The init stage has ended then and been reaped.
    public func waitUntilRunning() throws(RuntimeError) {
        let report: [UInt8]
        do {
            report = try control.readAll()
        } catch {
            throw error.isOfEndedPeer ? earlyEnd() : .setup(error)
        }
        try check(finalReport: report)
    }

    /// Takes note of all that the init stage has said before it closed the connection.
    ///
    /// - Throws: as `waitUntilRunning`.
    func check(finalReport report: [UInt8]) throws(RuntimeError) {
        guard report.first == ControlMessage.executionMark else {
            guard report.isEmpty else { throw failure(report) }
            // Where a filter forbids to say so, the payload may run all the same.
            let isKilled: Bool
            do {
                isKilled = try hasBeenKilled()
            } catch {
                throw .setup(error)
            }
            if isKilled { throw earlyEnd() }
            return
        }
        if report.count > 1 { throw failure(Array(report.dropFirst())) }
    }

    /// Whether the process, which has closed the connection, was ended by a signal. It is left to be reaped.
    private func hasBeenKilled() throws(SystemError) -> Bool {
        // What is killed closes its descriptors a moment before it has ended.
        let poller = try Poller()
        try poller.add(process.descriptor, token: 0)
        guard !(try poller.wait(timeout: .milliseconds(250))).isEmpty, case .signalled = try process.peek() else {
            return false
        }
        return true
    }

    /// Why nothing more comes from the init stage, which ended without a word. Reaps it.
    private func earlyEnd() -> RuntimeError {
        let ending = try? process.wait()
        reapUnknownSuccessor()
        return .ended(ending, outOfMemory: (cgroup?.outOfMemoryKills() ?? 0) > 0)
    }

    /// Reaps the process that was to go on in place of the first one, where both were killed before it had made itself
    /// known. It is our child as well, and nobody else would ever wait for it: dead and still there, it keeps the PID
    /// namespace that it is in from ending. Its cgroup tells it, which is that of this start alone; only in version 2 does
    /// a process that has ended still have one.
    private func reapUnknownSuccessor() {
        guard let path = cgroup?.unified?.path else { return }
        for child in ownChildren where child != process.processID {
            guard let text = try? readText("/proc/\(child)/cgroup"),
                text.split(separator: "\n").contains(where: { $0.hasPrefix("0::") && $0.hasSuffix("/\(path)") }),
                let successor = try? ProcessHandle(opening: child)
            else { continue }
            try? successor.send(.kill)
            _ = try? successor.wait()
        }
    }

    /// Waits until the init stage waits at `point`.
    ///
    /// - Throws: `RuntimeError` naming the operation that failed before. The init stage has ended then and been reaped.
    func waitUntil(_ point: SyncPoint) throws(RuntimeError) {
        let expected = ControlMessage.reached(point)
        let message: [UInt8]
        do {
            let first = try control.readExactly(1)
            guard first[0] != ControlMessage.failureMark else { throw failure(first + (try control.readAll())) }
            message = first + (try control.readExactly(1))
        } catch let error as RuntimeError {
            throw error
        } catch {
            throw earlyEnd()
        }
        guard message == expected else {
            throw .setup(SystemError("read", "message of the init stage", .protocolError))
        }
    }

    /// Lets the init stage go on.
    ///
    /// - Parameter state: what the container's own hooks are told.
    func proceed(with state: [UInt8]) throws(RuntimeError) {
        do {
            try control.sendAll(ControlMessage.answer(state))
        } catch {
            throw error.isOfEndedPeer ? earlyEnd() : .setup(error)
        }
    }

    /// Receives when each operation was over, of a program that was made to be traced.
    func receiveTimes() throws(RuntimeError) -> [MonotonicTime] {
        do {
            let mark = try control.readExactly(1)
            guard mark == [ControlMessage.traceMark] else { throw failure(mark + (try control.readAll())) }
            var wire = WireReader(try control.readExactly(4))
            let count = Int(try wire.number(UInt32.self))
            var times = WireReader(try control.readExactly(count * 8))
            return try (0..<count).map { _ in MonotonicTime(nanoseconds: try times.number()) }
        } catch let error as RuntimeError {
            throw error
        } catch {
            throw .setup(SystemError("read", "the trace", .protocolError))
        }
    }

    /// Receives the container's terminal, which the init stage opens before it executes the payload.
    public func receiveTerminal() throws(RuntimeError) -> FileDescriptor {
        do {
            return try control.receiveDescriptor(kind: ControlMessage.terminalMark)
        } catch {
            throw earlierFailure(error)
        }
    }

    /// Receives the process that goes on in place of the first one, which is left to be reaped.
    ///
    /// - Returns: nil where the connection does not wait and nothing has come yet.
    func receiveSuccessor() throws(RuntimeError) -> Container? {
        do {
            let successor = try ProcessHandle(received: try control.receiveDescriptor(kind: ControlMessage.forkedMark))
            let connection = try control.duplicate()
            return Container(process: successor, control: connection, cgroup: cgroup, executions: executions)
        } catch  where error.errno == .wouldBlock {
            return nil
        } catch {
            throw earlierFailure(error)
        }
    }

    /// What came in place of something that was waited for.
    private func earlierFailure(_ error: SystemError) -> RuntimeError {
        guard !error.isOfEndedPeer else { return earlyEnd() }
        // What fails ends at once.
        try? control.setNonBlocking(false)
        guard error.errno == .protocolError, let report = try? control.readAll() else { return .setup(error) }
        return report.isEmpty ? earlyEnd() : failure(report)
    }

    private func failure(_ report: [UInt8]) -> RuntimeError {
        _ = try? process.wait()
        do {
            let failure = try InitFailure(wire: report)
            let isExecution = failure.operation == executions.find || failure.operation == executions.execute
            return isExecution ? .execution(failure.error) : .setup(failure.error)
        } catch {
            return .setup(error)
        }
    }
}

extension SystemError {
    /// Whether this is what a socket answers when nobody is at its other end any more.
    fileprivate var isOfEndedPeer: Bool { errno == .brokenPipe || errno == .connectionReset }
}
