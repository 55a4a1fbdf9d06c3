internal import Linux
internal import OrderedCollections

extension Supervisor {
    /// Lets the service manager hear that we are alive, as often as it wants to.
    func pingManager() {
        guard let manager, let period = manager.watchdogPeriod else { return }
        manager.ping()
        timers.arm(.watchdog, at: .now + period)
    }

    /// Tells the service manager that the stack is being made another one.
    func tellManagerOfChange() {
        guard let manager, isReady else { return }
        isReady = false
        manager.reloading()
    }

    /// - Parameter time: in place of the services' own grace periods.
    func tellManagerOfEnd(within time: Duration?) {
        manager?.stopping(within: longestStop(time) + Self.timeForItself)
    }

    /// Beside what services take: what is left of them is removed, records are written.
    private static let timeForItself = Duration.seconds(30)

    /// How long it may take to stop everything, those last that others need.
    private func longestStop(_ time: Duration?) -> Duration {
        let services = Dictionary(
            instances.values.map { ($0.service.name, $0.service) }, uniquingKeysWith: { first, _ in first })
        let levels = DependencyGraph.levels(of: Array(services.keys)) { name in
            services[name]?.dependencies.map(\.service) ?? []
        }
        return levels.reduce(.zero) { sum, level in
            sum + (level.compactMap { services[$0]?.longestStop(time) }.max() ?? .zero)
        }
    }

    /// Tells the service manager, once after each change, that the stack is as it was asked for.
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

extension Service {
    /// How long it takes at most to stop an instance: the hooks have the grace period for themselves.
    fileprivate func longestStop(_ time: Duration?) -> Duration {
        (time ?? stopGracePeriod) * (hooks.preStop.isEmpty ? 1 : 2)
    }
}
