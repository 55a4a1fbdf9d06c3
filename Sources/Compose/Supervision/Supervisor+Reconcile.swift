public import Linux
internal import OrderedCollections

extension Supervisor {
    /// Makes the stack what `request` says.
    ///
    /// - Throws: `SystemError` where something it needs cannot be made.
    public func up(_ request: UpRequest) throws(SystemError) {
        guard
            let stack = CanonicalStack.read(
                request.definition, project: directory.project, directory: request.directory)
        else { throw SystemError("read", "the definition of \(directory.project)", .invalidArgument) }
        let volumes = VolumeStore(directory)
        try volumes.checkExternal(of: stack)
        for volume in request.volumes where volumes.record(volume.name) == nil {
            try volumes.make(volume)
            emit(StackEvent(volume.name, .created))
        }
        tellManagerOfChange()
        let contents = ContentStore(directory)
        try contents.keep(request.contents.mapValues { [UInt8]($0) })
        try reconcile(stack, request)
        let services = instances.values.map(\.service) + replacements.values.map(\.service) + stack.services.values
        contents.forgetAll(but: Set(services.flatMap(\.storedContents)))
    }

    private func reconcile(_ stack: Stack, _ request: UpRequest) throws(SystemError) {
        origin = StackState.Origin(directory: request.directory, files: request.files)
        hasStack = true
        isStopping = false
        changes.isOfStack = true
        let definition = number(of: request.definition)
        let time = request.timeout.map { Duration.seconds($0) }
        var started: [InstanceName] = []
        var leaving: [InstanceName] = []
        var obsolete: OrderedDictionary<ServiceName, [InstanceName]> = [:]
        for service in stack.services.keys where request.services.isEmpty || request.services.contains(service.text) {
            cancelRollout(of: service)
            failedRollouts.remove(service)
        }
        for entry in StackPlan(stack, current: current, options: request.planOptions).entries {
            let name = entry.instance
            if request.renewsVolumes, entry.change == .recreate { renewals.insert(name) }
            guard let service = stack.services[name.service] else {
                if entry.change == .remove { leaving.append(name) } else { emit(StackEvent("\(name)", .orphan)) }
                continue
            }
            switch entry.change {
            case .orphan: break
            case .remove: leaving.append(name)
            case .create where removals.contains(name):
                // It is still on its way out: the new one takes its place.
                removals.remove(name)
                replacements[name] = (service, definition)
                machine.setReplaced(true, of: name)
                changes.instances.insert(name)
            case .create:
                try define(name, as: service, definition: definition)
                started.append(name)
            case .keep, .start, .done:
                keep(name, service, definition: definition)
                if entry.change != .start { emit(StackEvent("\(name)", entry.change == .done ? .done : .unchanged)) }
                let isLeft = entry.change == .done || entry.change == .start && request.resumes && hasAdopted
                if !isLeft { started.append(name) }
            case .update:
                if replacements[name] == nil, instances[name]?.update(to: service, definition: definition) == true {
                    keep(name, service, definition: definition)
                    emit(StackEvent("\(name)", .updated))
                    started.append(name)
                } else {
                    started += try replace(name, by: service, definition: definition, within: time)
                }
            case .recreate where service.update != .standard && machine.machine(name)?.isAlive == true:
                obsolete[service.name, default: []].append(name)
            case .recreate:
                started += try replace(name, by: service, definition: definition, within: time)
            }
        }
        // Whatever happens from here on, everything that is about to be is known.
        writeChanges()
        remove(leaving, within: time)
        for (service, names) in obsolete {
            if let service = stack.services[service] { beginRollout(of: service, definition: definition, names) }
        }
        guard request.starts else { return }
        for name in instances.keys where stack.services[name.service]?.schedule != nil { schedule(name) }
        start(started.filter { stack.services[$0.service]?.schedule == nil })
    }

    /// Lets instances start, each once what it needs is far enough.
    func start(_ names: [InstanceName]) {
        let now = MonotonicTime.now
        for name in names where machine.machine(name)?.isAlive == false { marks[name] = StartMarks(wantedAt: now) }
        perform(machine.start(names, at: now))
    }

    /// The instances there are, for the plan.
    private var current: [StackPlan.Current] {
        instances.values.filter { !removals.contains($0.name) }.map { instance in
            let machine = machine.machine(instance.name)
            return StackPlan.Current(
                instance.name, replacements[instance.name]?.service ?? instance.service,
                isOver: machine?.isOver == true, hasSucceeded: machine?.state == .finished(.exited(0)))
        }
    }

    /// The number of a canonical text, a new one where it is new.
    private func number(of definition: String) -> Int {
        let last = definitions.max { $0.key < $1.key }
        if let last, last.value == definition { return last.key }
        let number = (last?.key ?? 0) + 1
        definitions[number] = definition
        changes.definitions.insert(number)
        return number
    }

    /// Takes note that an instance is as `service` says.
    private func keep(_ name: InstanceName, _ service: Service, definition: Int) {
        guard replacements[name] == nil, let instance = instances[name] else { return }
        // What nobody had to make anew is still what it was.
        if instance.service.fingerprint == service.fingerprint { instance.keep(service, definition: definition) }
        machine.setDependencies(service.dependencies, of: name)
        changes.instances.insert(name)
    }

    /// Lets an instance be made anew, once what runs of it has stopped.
    ///
    /// - Returns: the instance, where it may be started at once.
    func replace(
        _ name: InstanceName, by service: Service, definition: Int, within time: Duration?
    ) throws(SystemError) -> [InstanceName] {
        emit(StackEvent("\(name)", .recreating))
        if machine.machine(name)?.isOver == true {
            try define(name, as: service, definition: definition)
            return [name]
        }
        replacements[name] = (service, definition)
        perform(machine.stopAlone(name, within: time, isReplaced: true, at: .now))
        settle(name)
        return []
    }

    func define(_ name: InstanceName, as service: Service, definition: Int) throws(SystemError) {
        if let old = instances[name] { forget(old) }
        let instance = try Instance(
            name, service, definition: definition, directory: directory, layout: layout, openFiles: openFiles,
            filters: filters, compressor: compressor)
        for pump in instance.pumps {
            let token = register(.output(instance, pump))
            instance.outputTokens.append(token)
            try poller.add(pump.reader, token: token)
        }
        instance.preparation.renewsVolumes = renewals.remove(name) != nil
        instances[name] = instance
        machine.define(name, as: service)
        changes.instances.insert(name)
    }

    private func forget(_ instance: Instance) {
        for token in instance.outputTokens { watches[token] = nil }
    }

    /// Takes instances away, once they have stopped, in their order.
    func remove(_ names: [InstanceName], within time: Duration?) {
        for name in names {
            replacements[name] = nil
            removals.insert(name)
        }
        perform(machine.stop(names, within: time, at: .now))
        for name in names { settle(name) }
    }

    /// Does what was to be done to an instance once it has stopped, where it has.
    func settle(_ name: InstanceName) {
        guard machine.machine(name)?.isOver == true, machine.isQuiet([name]), let instance = instances[name] else {
            return
        }
        if removals.remove(name) != nil {
            forget(instance)
            instances[name] = nil
            let steps = machine.remove(name, at: .now)
            timers.disarm(.instance(name))
            unschedule(name)
            directory.removeFiles(of: name)
            changes.instances.remove(name)
            changes.removed.append(name)
            renewals.remove(name)
            marks[name] = nil
            emit(StackEvent("\(name)", .removed))
            perform(steps)
        } else if let (service, definition) = replacements.removeValue(forKey: name) {
            do {
                try define(name, as: service, definition: definition)
                writeChanges()
                start([name])
            } catch {
                machine.setReplaced(false, of: name)
                emit(StackEvent("\(name)", .failed, detail: "\(error)"))
            }
        }
    }
}
