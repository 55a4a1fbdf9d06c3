internal import Linux
internal import OrderedCollections

extension Supervisor {
    /// The instances that names of services or instances stand for; none means all.
    ///
    /// - Returns: nil and the name where there is none of that name.
    func instances(named names: [String]) -> (found: [InstanceName], unknown: String?) {
        if names.isEmpty { return (machine.instances, nil) }
        var found: OrderedSet<InstanceName> = []
        for name in names {
            if let service = ServiceName(name), case let all = machine.instances(of: service), !all.isEmpty {
                found.append(contentsOf: all)
            } else if let instance = InstanceName(name), instances[instance] != nil {
                found.append(instance)
            } else if let service = ServiceName(name), knownServices.contains(service) {
                continue
            } else {
                return ([], name)
            }
        }
        return (Array(found), nil)
    }

    /// The services of the stack's own definition: one that is scaled to none has no instance.
    private var knownServices: Set<ServiceName> {
        guard let text = definitions.max(by: { $0.key < $1.key })?.value,
            let stack = CanonicalStack.read(text, project: directory.project, directory: origin.directory)
        else { return [] }
        return Set(stack.services.keys)
    }

    /// Begins to do something to instances.
    ///
    /// - Returns: those it is done to, or why nothing is done.
    func operate(_ operation: StackOperation) -> Result<[InstanceName], OperationRefusal> {
        let (found, unknown) = instances(named: operation.names)
        if let unknown {
            return .failure(OperationRefusal("\(directory.project) has no service \"\(unknown)\""))
        }
        // What is on its way out stays on it.
        let staying = found.filter { !removals.contains($0) }
        switch operation.kind {
        case .start:
            let all = withDependencies(staying)
            start(all)
            return .success(all)
        case .stop(let timeout):
            interrupt(found)
            perform(machine.stop(found, within: timeout.map { .seconds($0) }, at: .now))
            return .success(found)
        case .restart(let timeout, let cascades):
            let all = cascades ? withDependents(staying) : staying
            for name in all { marks[name] = StartMarks(wantedAt: .now) }
            perform(machine.stop(all, within: timeout.map { .seconds($0) }, thenStart: true, at: .now))
            return .success(all)
        case .kill(let number):
            return kill(found, Signal(rawValue: number))
        case .pause: return pause(found)
        case .unpause:
            for name in found where instances[name]?.run?.isPaused == true {
                instances[name]?.resume()
                health.unpaused(name)
                note(name, .unpaused)
            }
            return .success(found)
        case .remove(let stops):
            let gone = found.filter { stops || machine.machine($0)?.isOver == true }
            interrupt(gone)
            remove(gone, within: nil)
            return .success(gone)
        }
    }

    /// Ends what is being done to instances that are to be stopped.
    private func interrupt(_ names: [InstanceName]) {
        for name in names {
            replacements[name] = nil
            cancelRollout(of: name.service)
        }
    }

    private func note(_ name: InstanceName, _ kind: StackEvent.Kind) {
        changes.instances.insert(name)
        emit(StackEvent("\(name)", kind))
    }

    /// A signal that ends it is as good as a stop: it is not started again.
    private func kill(_ names: [InstanceName], _ signal: Signal) -> Result<[InstanceName], OperationRefusal> {
        let running = names.filter { machine.machine($0)?.isAlive == true }
        guard !running.isEmpty else { return .failure(OperationRefusal("nothing runs that could be killed")) }
        for name in running {
            guard let instance = instances[name] else { continue }
            if signal == .kill || signal == instance.service.stopSignal {
                interrupt([name])
                let steps = machine.stopAlone(name, within: nil, at: .now)
                perform(steps.filter { $0.action != .sendStopSignal && $0.action != .runPreStopHooks })
            }
            if signal == .kill { instance.kill() } else { instance.send(signal) }
            emit(StackEvent("\(name)", .killed, detail: "\(signal)"))
        }
        return .success(running)
    }

    private func pause(_ names: [InstanceName]) -> Result<[InstanceName], OperationRefusal> {
        let running = names.filter { machine.machine($0)?.isUp == true }
        if let paused = running.first(where: { instances[$0]?.run?.isPaused == true }) {
            return .failure(OperationRefusal("\(paused) is already paused"))
        }
        for name in running {
            do {
                try instances[name]?.pause()
                health.paused(name)
                note(name, .paused)
            } catch {
                return .failure(OperationRefusal("\(name) cannot be paused: \(error)"))
            }
        }
        return .success(running)
    }

    /// Also what they need, directly or not.
    private func withDependencies(_ names: [InstanceName]) -> [InstanceName] {
        closure(names) { member in member.dependencies.flatMap { self.machine.instances(of: $0.service) } }
    }

    /// Also what is to be restarted with them, directly or not.
    private func withDependents(_ names: [InstanceName]) -> [InstanceName] {
        var all = OrderedSet(names)
        var services = Set(names.map(\.service))
        var hasGrown = true
        while hasGrown {
            hasGrown = false
            for (name, member) in machine.members where !all.contains(name) && member.machine.isAlive {
                guard member.dependencies.contains(where: { $0.restart && services.contains($0.service) }) else {
                    continue
                }
                all.append(name)
                services.insert(name.service)
                hasGrown = true
            }
        }
        return Array(all)
    }

    private func closure(_ names: [InstanceName], _ next: (StackMachine.Member) -> [InstanceName]) -> [InstanceName] {
        var all = OrderedSet(names)
        var index = 0
        while index < all.count {
            if let member = machine.members[all[index]] { all.append(contentsOf: next(member)) }
            index += 1
        }
        return Array(all)
    }
}

/// Why an operation is not carried out: a sentence.
struct OperationRefusal: Error, Hashable {
    let sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}
