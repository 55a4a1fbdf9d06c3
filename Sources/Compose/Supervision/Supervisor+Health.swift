internal import Linux
internal import OrderedCollections

extension Supervisor {
    /// Draws the conclusions from what has become known about the health of instances.
    func takeHealthEvents() {
        for event in health.takeEvents() {
            let name = event.instance
            changes.instances.insert(name)
            switch event.kind {
            case .changed(let status): healthChanged(of: name, to: status)
            case .ready, .said: break
            case .hookPrinted(let text): instances[name]?.keep(text)
            case .hooksEnded(.postStart, let failure?):
                // It is ended, and its end taken for a start that failed.
                instances[name]?.giveUpStart("post_start: \(failure)")
                instances[name]?.kill()
            case .hooksEnded(.postStart, nil): begin(name)
            case .hooksEnded(.preStop, let failure):
                if let failure { emit(StackEvent("\(name)", .stopping, detail: "pre_stop: \(failure)")) }
                perform(handle(.prepared, of: name))
            }
        }
    }

    private func healthChanged(of name: InstanceName, to status: HealthStatus) {
        switch status {
        case .healthy:
            marks[name]?.heal(at: .now)
            emit(StackEvent("\(name)", .healthy))
        case .unhealthy:
            emit(StackEvent("\(name)", .unhealthy, detail: health.report(of: name)?.results.last?.outcome.lastLine))
        case .none, .starting: break
        }
        perform(machine.setHealth(status, of: name, at: .now))
        noteForRollout(name)
        guard status == .unhealthy, let policy = instances[name]?.service.health.onUnhealthy else { return }
        switch policy {
        case .none: break
        case .restart: perform(handle(.unhealthy, of: name))
        case .stop: perform(handle(.wantDown(within: nil), of: name))
        }
    }
}
