public import Linux
internal import OrderedCollections
internal import Runtime

extension Supervisor {
    /// Makes the stack what `stack` says.
    public func reconcile(_ stack: Stack, directory: String, files: [String]) throws(SystemError) {
        origin = (directory, files)
        hasStack = true
        isStopping = false
        try replaceFile(self.directory.definition, with: stack.canonicalYAML.utf8)
        let current = instances.values.map { instance in
            StackPlan.Current(
                instance.name, replacements[instance.name] ?? instance.service,
                isOver: machine.machine(instance.name)?.isOver == true)
        }
        var started: [InstanceName] = []
        for entry in StackPlan(stack, current: current).entries {
            let name = entry.instance
            switch entry.change {
            case .orphan:
                emit(StackEvent("\(name)", .orphan))
            case .create:
                guard let service = stack.services[name.service] else { continue }
                try define(name, as: service)
                started.append(name)
            case .keep, .start:
                guard let service = stack.services[name.service] else { continue }
                machine.setDependencies(service.dependencies, of: name)
                if machine.machine(name)?.isAlive == true { emit(StackEvent("\(name)", .unchanged)) }
                started.append(name)
            case .update:
                guard let service = stack.services[name.service] else { continue }
                if replacements[name] == nil, instances[name]?.update(to: service) == true {
                    machine.setDependencies(service.dependencies, of: name)
                    emit(StackEvent("\(name)", .updated))
                    started.append(name)
                } else {
                    started += try replace(name, by: service)
                }
            case .recreate:
                guard let service = stack.services[name.service] else { continue }
                started += try replace(name, by: service)
            }
        }
        perform(machine.start(started, at: .now))
    }

    /// Lets an instance be made anew, once what runs of it has stopped.
    ///
    /// - Returns: the instance, where it may be started at once.
    private func replace(_ name: InstanceName, by service: Service) throws(SystemError) -> [InstanceName] {
        emit(StackEvent("\(name)", .recreating))
        if machine.machine(name)?.isOver == true {
            try define(name, as: service)
            return [name]
        }
        replacements[name] = service
        perform(machine.stopAlone(name, at: .now))
        replaceIfDown(name)
        return []
    }

    private func define(_ name: InstanceName, as service: Service) throws(SystemError) {
        if let old = instances[name] { forget(old) }
        let instance = try Instance(
            name, service, directory: directory, layout: layout, compressor: compressor)
        for pump in instance.pumps {
            try poller.add(pump.reader, token: register(.output(instance, pump)))
        }
        instances[name] = instance
        machine.define(name, as: service)
        stateIsStale = true
    }

    private func forget(_ instance: Instance) {
        watches = watches.filter { entry in
            if case .output(let owner, _) = entry.value { return owner !== instance }
            return true
        }
        instances[instance.name] = nil
    }

    /// Carries steps out, and the ones that follow from those that fail.
    func perform(_ steps: [StackMachine.Step]) {
        stateIsStale = true
        var steps = steps[...]
        while let step = steps.popFirst() {
            guard let instance = instances[step.instance] else { continue }
            switch step.action {
            case .spawn:
                reported.remove(instance.name)
                if let failure = spawn(instance) {
                    steps += machine.handle(.startFailed(failure), of: instance.name, at: .now)
                    reportEnd(of: instance)
                }
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

    /// - Returns: why it could not be started.
    private func spawn(_ instance: Instance) -> String? {
        do {
            try instance.start()
        } catch {
            return "\(error)"
        }
        guard let container = instance.container else { return "no container" }
        do {
            try poller.add(container.control, token: register(.control(instance.name)))
            try poller.add(container.process.descriptor, token: register(.process(instance.name)))
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
            perform(machine.handle(.started, of: name, at: .now))
        } catch {
            unwatchProcess(of: name)
            instance.cleanUp()
            perform(machine.handle(.startFailed("\(error)"), of: name, at: .now))
            reportEnd(of: instance)
        }
    }

    func handleExit(of name: InstanceName) {
        // The report of a container that failed is behind its end, if the two come together.
        finishStart(of: name)
        guard let instance = instances[name], let status = instance.poll() else { return }
        unwatchProcess(of: name)
        instance.drainOutputs(outputBuffer) { show($1, from: $0, of: name) }
        instance.cleanUp()
        let steps = machine.handle(.exited(status), of: name, at: .now)
        reportEnd(of: instance)
        perform(steps)
        replaceIfDown(name)
    }

    private func unwatchProcess(of name: InstanceName) {
        watches = watches.filter { entry in
            switch entry.value {
            case .process(name), .control(name): false
            default: true
            }
        }
    }

    /// Lets the new definition of an instance take over once the old one has stopped.
    private func replaceIfDown(_ name: InstanceName) {
        guard machine.machine(name)?.isOver == true, let service = replacements.removeValue(forKey: name) else {
            return
        }
        do {
            try define(name, as: service)
            perform(machine.start([name], at: .now))
        } catch {
            emit(StackEvent("\(name)", .failed, detail: "\(error)"))
        }
    }
}
