internal import Linux

extension Supervisor {
    /// Lets the service manager hear that we are alive, as often as it wants to.
    func pingManager() {
        guard let manager, let period = manager.watchdogPeriod else { return }
        manager.ping()
        timers.arm(.watchdog, at: .now + period)
    }

    /// Tells the service manager once that the stack is as it was asked for.
    func tellManager() {
        guard let manager, hasStack, !isReady, !isStopping, machine.isQuiet, replacements.isEmpty, rollouts.isEmpty
        else {
            return
        }
        isReady = true
        let failed = failed.count
        manager.ready(
            "\(machine.instances.count) instances" + (failed > 0 ? ", \(failed) of them failed" : ""))
    }
}
