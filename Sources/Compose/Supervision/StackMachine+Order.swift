internal import Linux
internal import OrderedCollections

/// Who may go on, and who has to wait for whom.
extension StackMachine {
    func neighbours(of instance: InstanceName) -> [InstanceName] {
        var neighbours = dependentsOf[instance.service] ?? []
        for dependency in members[instance]?.dependencies ?? [] {
            neighbours += instancesOf[dependency.service] ?? []
        }
        return neighbours
    }

    /// Lets go who waits for nothing any more, and whoever waited for those, until that changes nothing.
    mutating func advance(_ instances: [InstanceName], at now: MonotonicTime) -> [Step] {
        var steps: [Step] = []
        var candidates = instances[...]
        while let instance = candidates.popFirst() {
            guard let member = members[instance] else { continue }
            let more: [Step]
            switch member.intention {
            case .stop(let time, let thenStart):
                guard mayStop(instance) else { continue }
                change(instance) { $0.intention = thenStart ? .start : .none }
                more = apply(.wantDown(within: time), to: instance, at: now)
                if members[instance]?.machine.isOver == true { endedBefore.append(instance) }
                candidates.append(instance)
            case .start:
                guard let event = startEvent(of: member) else {
                    stillWaiting.append(instance)
                    continue
                }
                change(instance) { $0.intention = .none }
                if case .dependencyFailed = event { hopeless.append(instance) }
                if event == .wantUp { noteHopeless(of: instance, member) }
                more = apply(event, to: instance, at: now)
            case .none:
                guard member.isStale, member.machine.isUp, isReady(member) else { continue }
                change(instance) { $0.isStale = false }
                more = apply(.wantRestart(within: nil), to: instance, at: now)
            }
            steps += more
            candidates += neighbours(of: instance)
        }
        return steps
    }

    /// What an instance that is to be started is told now; nil while it waits.
    private func startEvent(of member: Member) -> InstanceMachine.Event? {
        switch member.machine.state {
        case .starting, .up, .backingOff: return .wantUp
        case .preparingStop, .stopping: return nil
        case .down, .finished, .failed: break
        }
        for dependency in member.dependencies where dependency.isRequired {
            if case .hopeless(let reason) = readiness(of: dependency) { return .dependencyFailed(reason) }
        }
        return isReady(member) ? .wantUp : nil
    }

    /// Notes what an instance that is started now does without.
    private mutating func noteHopeless(of instance: InstanceName, _ member: Member) {
        for dependency in member.dependencies where !dependency.isRequired {
            guard case .hopeless(let reason) = readiness(of: dependency) else { continue }
            startedWithout.append((instance, dependency.service, reason))
        }
    }

    /// Whether nothing that depends on it is still to be stopped, or being stopped.
    private func mayStop(_ instance: InstanceName) -> Bool {
        (dependentsOf[instance.service] ?? []).allSatisfy { dependent in
            guard let member = members[dependent] else { return true }
            if case .stop = member.intention { return false }
            return !member.machine.isGoingDown
        }
    }

    private func isReady(_ member: Member) -> Bool {
        member.dependencies.allSatisfy { dependency in
            switch readiness(of: dependency) {
            case .ready: true
            case .hopeless: !dependency.isRequired
            case .waiting: false
            }
        }
    }

    func readiness(of dependency: Dependency) -> DependencyReadiness {
        var readiness = DependencyReadiness.ready
        for instance in instancesOf[dependency.service] ?? [] {
            guard let member = members[instance] else { continue }
            // Something is still to become of it.
            if member.intention != .none {
                readiness = readiness.joined(with: .waiting)
                continue
            }
            if member.machine.state == .down, !member.isScheduled, !member.isReplaced {
                readiness = readiness.joined(with: .hopeless("\(instance), which it depends on, is stopped"))
                continue
            }
            if !dependency.isRequired, dependency.condition == .healthy, member.initialHealth == .none,
                member.machine.isUp
            {
                readiness = readiness.joined(with: .hopeless("\(instance), which it depends on, has no health check"))
                continue
            }
            readiness = readiness.joined(
                with: DependencyReadiness(
                    dependency.condition, of: instance, in: member.machine.state, health: member.health,
                    healsItself: member.healsItself))
        }
        return readiness
    }
}
