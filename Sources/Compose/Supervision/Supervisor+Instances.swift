internal import Linux
internal import OrderedCollections
internal import Runtime

extension Supervisor {
    /// Carries steps out, and the ones that follow from those that fail.
    func perform(_ steps: [StackMachine.Step]) {
        var steps = steps[...]
        // Those that are over without the end of a process.
        var over: [InstanceName] = []
        while let step = steps.popFirst() {
            guard let instance = instances[step.instance] else { continue }
            changes.instances.insert(instance.name)
            // Whatever is done to it is done to something that is there.
            if starts.remove(instance.name) {
                if case .failed(let more) = start(instance) {
                    steps += more
                    over.append(instance.name)
                }
            }
            if preparations.withdraw(instance.name) {
                steps += handle(.startFailed("stopped before it was started"), of: instance.name)
                over.append(instance.name)
            }
            switch step.action {
            case .spawn:
                awaited[instance.name] = nil
                marks[instance.name]?.release(at: .now)
                starts.append(instance.name, hasRun: machine.machine(instance.name)?.hasRun == true)
            case .runPreStopHooks:
                emit(StackEvent("\(instance.name)", .stopping, detail: "pre_stop hooks run"))
                health.stopping(instance.name)
                if !health.runHooks(.preStop, of: instance.name) { steps += handle(.prepared, of: instance.name) }
            case .sendStopSignal:
                emit(StackEvent("\(instance.name)", .stopping))
                health.stopping(instance.name)
                instance.sendStopSignal()
            case .kill:
                emit(StackEvent("\(instance.name)", .killed))
                instance.kill()
            case .arm(let delay):
                timers.arm(.instance(instance.name), at: .now + delay)
            case .disarm:
                timers.disarm(.instance(instance.name))
                over.append(instance.name)
            }
        }
        for name in over + machine.takeEndedBefore() {
            settle(name)
            noteForRollout(name)
        }
        reportWaiting()
        reportHopeless()
        reportStartedWithout()
    }

    /// Tells an instance's state machine what has happened.
    func handle(_ event: InstanceMachine.Event, of name: InstanceName) -> [StackMachine.Step] {
        changes.instances.insert(name)
        return machine.handle(event, of: name, at: .now)
    }

    /// How many are started before the loop looks at what has happened meanwhile.
    private static let startsATurn = 8

    /// Starts the next of those that are to be.
    func startSome() {
        for _ in 0..<Self.startsATurn {
            guard let name = starts.popFirst() else { return }
            if let instance = instances[name] { startNow(instance) }
        }
    }

    /// Starts an instance, or goes on with the hooks before that.
    func startNow(_ instance: Instance) {
        changes.instances.insert(instance.name)
        if case .failed(let steps) = start(instance) { conclude(steps, of: instance.name) }
    }

    /// What was to be started will not be.
    func fail(_ instance: Instance, _ reason: String) {
        conclude(startFailed(reason, instance), of: instance.name)
    }

    private func conclude(_ steps: [StackMachine.Step], of name: InstanceName) {
        perform(steps)
        settle(name)
        noteForRollout(name)
    }

    /// - Returns: what follows from that.
    private func startFailed(_ reason: String, _ instance: Instance) -> [StackMachine.Step] {
        instance.preparation.startOver()
        // Where it was stopped the next one has a go at the hooks.
        let hasFailed = machine.machine(instance.name)?.state == .starting
        let steps = handle(.startFailed(reason), of: instance.name)
        reportEnd(of: instance)
        endPreparation(of: instance.name, failure: hasFailed ? reason : nil)
        return steps
    }

    private enum Start {
        case began
        /// With what follows from that.
        case failed([StackMachine.Step])
    }

    private func start(_ instance: Instance) -> Start {
        let failure: String?
        switch nextTurn(of: instance) {
        case .wait, .fill: return .began
        case .fail(let reason): failure = reason
        case .hook(let index): failure = spawn(instance, hook: index).map { "pre_start: \($0)" }
        case .service:
            instance.preparation.areVolumesReady = false
            failure = spawn(instance, hook: nil)
        }
        guard let failure else { return .began }
        return .failed(startFailed(failure, instance))
    }

    /// - Returns: why it could not be started.
    private func spawn(_ instance: Instance, hook: Int?) -> String? {
        do {
            runs += 1
            try instance.start(
                runs, hook: hook, running: { self.runningProcess(of: $0) },
                prepare: { (request) throws(SystemError) in
                    if hook == nil { try health.prepare(instance.name, instance.service, &request) }
                })
        } catch {
            return "\(error)"
        }
        guard let run = instance.run else { return "no container" }
        do {
            try poller.add(run.container.control, token: register(.control(instance.name), of: instance))
            try watchProcess(of: instance)
            manager?.keep(run.container.process, as: "\(instance.name)")
            if hook == nil {
                try health.spawned(instance.name, instance.service, process: run.container.process, cgroup: run.cgroup)
            }
        } catch {
            instance.kill()
            return "\(error)"
        }
        return nil
    }

    /// The first instance of a service that runs.
    private func runningProcess(of service: ServiceName) -> ServicePreparation.RunningProcess? {
        for name in machine.instances(of: service) {
            if let run = instances[name]?.run, run.startedAt != nil {
                return .init(instance: "\(name)", number: run.container.process.processID)
            }
        }
        return nil
    }

    /// The init stage has reported: the payload runs, or an operation failed.
    func finishStart(of name: InstanceName) {
        guard let instance = instances[name], let run = instance.run, !run.isSetUp else { return }
        // It stays open, and at its end: it would be reported for as long as the container runs.
        try? poller.remove(run.container.control)
        let isHook = run.hook != nil
        do {
            try instance.finishStart()
            if !isHook, !health.runHooks(.postStart, of: name) { begin(name) }
        } catch {
            unwatchProcess(of: instance)
            cleanUp(instance)
            fail(instance, isHook ? "pre_start: \(error)" : "\(error)")
        }
    }

    /// The payload runs, and what had to be done first has been done.
    func begin(_ name: InstanceName) {
        emit(StackEvent("\(name)", .started))
        marks[name]?.start(at: .now)
        health.started(name)
        perform(handle(.started, of: name))
        noteForRollout(name)
    }

    func handleExit(of name: InstanceName) {
        // The report of a container that failed is behind its end, if the two come together.
        finishStart(of: name)
        guard let instance = instances[name], case .ended(let status) = instance.poll() else { return }
        unwatchProcess(of: instance)
        instance.drainOutputs(outputBuffer) { lookouts(for: instance, $0) }
        health.stopped(name)
        manager?.drop("\(name)")
        let (hook, failure) = (instance.run?.hook, instance.run?.failure)
        cleanUp(instance)
        if let hook { return hookEnded(hook, of: instance, status) }
        let steps = handle(failure.map { .startFailed($0) } ?? .exited(status), of: name)
        reportEnd(of: instance)
        perform(steps)
        settle(name)
        noteForRollout(name)
    }

    private func cleanUp(_ instance: Instance) {
        if let cgroup = instance.cleanUp() { leavings.append(cgroup) }
    }

    /// Hears of the end of an instance's first process.
    func watchProcess(of instance: Instance) throws(SystemError) {
        guard let run = instance.run else { return }
        try poller.add(run.container.process.descriptor, token: register(.process(instance.name), of: instance))
    }

    func register(_ watch: Watch, of instance: Instance) -> UInt64 {
        let token = register(watch)
        instance.runTokens.append(token)
        return token
    }

    func unwatchProcess(of instance: Instance) {
        for token in instance.runTokens { watches[token] = nil }
        instance.runTokens = []
    }
}
