internal import Linux
internal import OrderedCollections
internal import Runtime

extension Supervisor {
    /// Carries steps out, and the ones that follow from those that fail.
    func perform(_ steps: [StackMachine.Step]) {
        var steps = steps[...]
        while let step = steps.popFirst() {
            guard let instance = instances[step.instance] else { continue }
            changes.instances.insert(instance.name)
            switch step.action {
            case .spawn:
                reported.remove(instance.name)
                if let failure = spawn(instance) {
                    steps += handle(.startFailed(failure), of: instance.name)
                    reportEnd(of: instance)
                }
            case .runPreStopHooks:
                steps += handle(.prepared, of: instance.name)
            case .sendStopSignal:
                emit(StackEvent("\(instance.name)", .stopping))
                instance.sendStopSignal()
            case .kill:
                emit(StackEvent("\(instance.name)", .killed))
                instance.kill()
            case .arm(let delay):
                timers.arm(.instance(instance.name), at: .now + delay)
            case .disarm:
                timers.disarm(.instance(instance.name))
            }
        }
        reportHopeless()
    }

    /// Tells an instance's state machine what has happened.
    func handle(_ event: InstanceMachine.Event, of name: InstanceName) -> [StackMachine.Step] {
        changes.instances.insert(name)
        return machine.handle(event, of: name, at: .now)
    }

    /// - Returns: why it could not be started.
    private func spawn(_ instance: Instance) -> String? {
        do {
            try instance.start()
        } catch {
            return "\(error)"
        }
        guard let container = instance.container else { return "no container" }
        do {
            try poller.add(container.control, token: register(.control(instance.name), of: instance))
            try watchProcess(of: instance)
        } catch {
            instance.kill()
            return "\(error)"
        }
        return nil
    }

    /// The init stage has reported: the payload runs, or an operation failed.
    func finishStart(of name: InstanceName) {
        guard let instance = instances[name], let container = instance.container, instance.startedAt == nil else {
            return
        }
        // It stays open, and at its end: it would be reported for as long as the container runs.
        try? poller.remove(container.control)
        do {
            try instance.finishStart()
            emit(StackEvent("\(name)", .started))
            perform(handle(.started, of: name))
        } catch {
            unwatchProcess(of: instance)
            instance.cleanUp()
            perform(handle(.startFailed("\(error)"), of: name))
            reportEnd(of: instance)
            settle(name)
        }
    }

    func handleExit(of name: InstanceName) {
        // The report of a container that failed is behind its end, if the two come together.
        finishStart(of: name)
        guard let instance = instances[name], case .ended(let status) = instance.poll() else { return }
        unwatchProcess(of: instance)
        instance.drainOutputs(outputBuffer) { show($1, from: $0, of: instance) }
        instance.cleanUp()
        let steps = handle(.exited(status), of: name)
        reportEnd(of: instance)
        perform(steps)
        settle(name)
    }

    /// Hears of the end of an instance's first process.
    func watchProcess(of instance: Instance) throws(SystemError) {
        guard let container = instance.container else { return }
        try poller.add(container.process.descriptor, token: register(.process(instance.name), of: instance))
    }

    private func register(_ watch: Watch, of instance: Instance) -> UInt64 {
        let token = register(watch)
        instance.runTokens.append(token)
        return token
    }

    private func unwatchProcess(of instance: Instance) {
        for token in instance.runTokens { watches[token] = nil }
        instance.runTokens = []
    }
}
