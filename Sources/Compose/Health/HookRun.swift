internal import Linux

/// Runs the hooks of one turn, one after the other, until they are over or one of them fails.
final class HookRun {
    private let target: ProbeTarget
    private let room: WaitingRoom
    private var waiting: ArraySlice<ServiceHook>
    private var current: (hook: ServiceHook, probe: CommandProbe, waiter: ProbeWaiter)?
    private let printed: (String) -> Void
    private let ended: (String?) -> Void

    /// - Parameters:
    ///   - printed: called with what one of them has printed.
    ///   - ended: called once, with the reason where one has failed.
    init(
        _ hooks: [ServiceHook], _ target: ProbeTarget, room: WaitingRoom, printed: @escaping (String) -> Void,
        ended: @escaping (String?) -> Void
    ) {
        self.target = target
        self.room = room
        self.printed = printed
        self.ended = ended
        waiting = hooks[...]
    }

    /// Begins with the next one.
    func next() {
        while let hook = waiting.popFirst() {
            let probe = CommandProbe(ServiceCommand(hook), target)
            let waiter = ProbeWaiter(room) { [weak self] in self?.proceed($0) }
            current = (hook, probe, waiter)
            guard let outcome = probe.begin(waiter) else { return }
            if !finish(outcome) { return }
        }
        ended(nil)
    }

    private func proceed(_ source: UInt8) {
        guard let current, let outcome = current.probe.proceed(source, current.waiter) else { return }
        if finish(outcome) { next() }
    }

    /// - Returns: whether the next one is to be run.
    private func finish(_ outcome: ProbeOutcome) -> Bool {
        guard let hook = current?.hook else { return false }
        cleanUp()
        // What could not be run has printed nothing: the text says why.
        if outcome.exitCode != ProbeOutcome.none, !outcome.output.isEmpty { printed(outcome.output) }
        if outcome.isSuccess { return true }
        waiting = []
        let output = outcome.output.split(separator: "\n").last.map { ": \($0)" } ?? ""
        let end = outcome.exitCode == ProbeOutcome.none ? "could not be run" : "exited with code \(outcome.exitCode)"
        ended("\(hook.command.joined(separator: " ")) \(end)\(output)")
        return false
    }

    /// Gives up the one that runs, and those behind it.
    func abandon() {
        waiting = []
        if let current { _ = current.probe.abandon(current.waiter) }
        cleanUp()
    }

    private func cleanUp() {
        guard let current else { return }
        self.current = nil
        current.waiter.end()
        current.probe.remains?.begin(room)
    }
}

extension ServiceCommand {
    init(_ hook: ServiceHook) {
        self.init(hook.command)
        environment = hook.environment.map { Variable($0.key, $0.value) }
        workingDirectory = hook.workingDirectory
        user = hook.user
        isPrivileged = hook.isPrivileged
    }
}
