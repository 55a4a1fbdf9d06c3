public import Linux

/// A container whose first process has been started.
public final class Container: Sendable {
    /// The container's first process: the init stage, then the payload.
    public let process: ProcessHandle
    /// Becomes readable when the payload runs (end of file) or when something failed.
    public let control: FileDescriptor
    private let lastOperation: Int

    init(process: consuming ProcessHandle, control: consuming FileDescriptor, lastOperation: Int) {
        self.process = process
        self.control = control
        self.lastOperation = lastOperation
    }

    /// Waits until the payload runs.
    ///
    /// - Throws: `RuntimeError` naming the operation that failed. The init stage has ended then and been reaped.
    public func waitUntilRunning() throws(RuntimeError) {
        guard let failure = try receiveFailure() else { return }
        _ = try? process.wait()
        throw failure.operation == lastOperation ? .execution(failure.error) : .setup(failure.error)
    }

    private func receiveFailure() throws(RuntimeError) -> InitFailure? {
        do {
            let report = try control.readAll()
            return report.isEmpty ? nil : try InitFailure(wire: report)
        } catch {
            throw .setup(error)
        }
    }

    /// Receives the container's terminal, which the init stage opens before it executes the payload.
    public func receiveTerminal() throws(SystemError) -> FileDescriptor {
        try control.receiveDescriptor()
    }
}
