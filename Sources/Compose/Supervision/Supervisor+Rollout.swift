internal import Linux
internal import OrderedCollections

/// A rollout with what it replaces by what.
struct RolloutInProgress {
    var rollout: Rollout
    let new: (service: Service, definition: Int)
    /// Any of the old ones: they are of one definition, unless an earlier rollout did not get to its end.
    let old: (service: Service, definition: Int)
    /// Why it did not succeed.
    var reason: String?
}

extension Supervisor {
    /// Begins to replace instances as the service's policy says.
    func beginRollout(of service: Service, definition: Int, _ obsolete: [InstanceName]) {
        guard let first = obsolete.first.flatMap({ instances[$0] }) else { return }
        let taken = Set(machine.instances(of: service.name).map(\.number))
        let rollout = Rollout(service.update, obsolete: obsolete, taken: taken)
        rollouts[service.name] = RolloutInProgress(
            rollout: rollout, new: (service, definition), old: (first.service, first.definition))
        let actions = rollouts[service.name]?.rollout.begin() ?? []
        carryOut(actions, of: service.name)
    }

    /// Leaves the instances of a service as far as they are.
    func cancelRollout(of service: ServiceName) {
        if rollouts.removeValue(forKey: service) != nil { timers.disarm(.rollout(service)) }
    }

    func advanceRollout(of service: ServiceName, _ event: Rollout.Event) {
        guard let actions = rollouts[service]?.rollout.handle(event) else { return }
        carryOut(actions, of: service)
    }

    /// Takes note of how an instance of a service is that is being replaced.
    func noteForRollout(_ name: InstanceName) {
        guard rollouts[name.service] != nil, replacements[name] == nil, let member = machine.members[name] else {
            return
        }
        switch member.machine.state {
        case .up:
            switch member.health {
            case .none, .healthy: advanceRollout(of: name.service, .settled(name))
            case .unhealthy: fail(name, "it is unhealthy")
            case .starting: break
            }
        case .finished(.exited(0)?): advanceRollout(of: name.service, .settled(name))
        case .finished(let status): fail(name, status.map { "it \($0)" } ?? "it ended")
        case .failed(let reason): fail(name, reason)
        case .backingOff: fail(name, member.machine.lastExit.map { "it \($0)" } ?? "it ended")
        case .down, .starting, .preparingStop, .stopping: break
        }
    }

    private func fail(_ name: InstanceName, _ reason: String) {
        rollouts[name.service]?.reason = "\(name): \(reason)"
        advanceRollout(of: name.service, .failed(name))
    }

    private func carryOut(_ actions: [Rollout.Action], of service: ServiceName) {
        for action in actions {
            guard let (new, old, reason) = rollouts[service].map({ ($0.new, $0.old, $0.reason) }) else { return }
            switch action {
            case .replace(let name): exchange(name, for: new)
            case .restore(let name): exchange(name, for: old)
            case .add(let name):
                do {
                    try define(name, as: new.service, definition: new.definition)
                    writeChanges()
                    perform(machine.start([name], at: .now))
                } catch {
                    fail(name, "\(error)")
                }
            case .retire(let name): remove([name], within: nil)
            case .arm(let delay): timers.arm(.rollout(service), at: .now + delay)
            case .end(let outcome):
                timers.disarm(.rollout(service))
                rollouts[service] = nil
                tell(outcome, of: service, reason)
            }
        }
    }

    private func exchange(_ name: InstanceName, for other: (service: Service, definition: Int)) {
        do {
            let ready = try replace(name, by: other.service, definition: other.definition, within: nil)
            perform(machine.start(ready, at: .now))
        } catch {
            fail(name, "\(error)")
        }
    }

    private func tell(_ outcome: Rollout.Outcome, of service: ServiceName, _ reason: String?) {
        let why = reason.map { ": \($0)" } ?? ""
        switch outcome {
        case .done: return
        case .paused: emit(StackEvent(service.text, .failed, detail: "the update stopped\(why)"))
        case .rolledBack: emit(StackEvent(service.text, .failed, detail: "the update was rolled back\(why)"))
        }
        failedRollouts.insert(service)
    }
}
