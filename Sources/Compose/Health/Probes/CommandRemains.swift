internal import Linux
internal import Runtime

/// A command that was killed with all that it has started, until nothing is left of it.
final class CommandRemains {
    private let execution: ServiceExecution
    private var isReaped: Bool

    init(_ execution: ServiceExecution, isReaped: Bool) {
        self.execution = execution
        self.isReaped = isReaped
    }

    /// Waits for its process to end, if that is to come.
    func begin(_ room: WaitingRoom) {
        guard !isReaped else { return }
        var waiter: ProbeWaiter?
        waiter = ProbeWaiter(room) { [self] source in
            guard let current = waiter, proceed(current, isControl: source == 0) else { return }
            // Whoever waits is held by the room as long as he waits.
            waiter = nil
        }
        guard let waiter else { return }
        if execution.isRunning { waitForProcess(waiter) } else { waitForControl(waiter) }
    }

    private func waitForControl(_ waiter: ProbeWaiter) {
        try? waiter.wait(for: execution.starting.control, .readable, as: 0)
    }

    private func waitForProcess(_ waiter: ProbeWaiter) {
        try? waiter.wait(for: execution.container.process.descriptor, .readable, as: 1)
    }

    /// - Returns: whether it has been reaped.
    private func proceed(_ waiter: ProbeWaiter, isControl: Bool) -> Bool {
        if isControl {
            do {
                guard try execution.advance() else { return false }
                // It was killed right after it had begun to run.
                waiter.forget(0, execution.starting.control)
                execution.kill()
                waitForProcess(waiter)
                return false
            } catch {
                // What fails to start has been reaped by whoever says so.
                waiter.forget(0, execution.starting.control)
            }
        } else {
            guard execution.poll() != nil else { return false }
            waiter.forget(1, execution.container.process.descriptor)
        }
        isReaped = true
        execution.removeIfEmpty()
        return true
    }

    /// Takes its cgroup away, if that is empty by now.
    ///
    /// - Returns: whether nothing is left of it.
    func isGone() -> Bool { isReaped && execution.removeIfEmpty() }
}
