internal import Linux
internal import OrderedCollections
internal import Runtime

extension Supervisor {
    /// Goes on with what an earlier supervisor has left: what runs goes on running, what waited goes on waiting, what ended
    /// meanwhile is dealt with as if it ended now. What nobody knows about is ended.
    func adopt() throws(SystemError) {
        var runs = Leftovers(of: directory.project, layout: layout).runs.filter { !OneOffs.owns($0.cgroup) }
        if let state = StackState(directory) {
            origin = state.origin
            definitions = state.definitions
            let stacks = definitions.compactMapValues {
                CanonicalStack.read($0, project: directory.project, directory: origin.directory)
            }
            var steps: [StackMachine.Step] = []
            var (waiting, stale, ended): ([InstanceName], [InstanceName], [InstanceName]) = ([], [], [])
            let isSameBoot = state.bootID == BootID.current
            for record in state.instances {
                guard let name = record.instance, let service = stacks[record.definition]?.services[name.service]
                else {
                    // It is better to leave alone what this version cannot read than to end it.
                    if isSameBoot, record.identity?.isRunning == true { throw Self.unreadable(record) }
                    continue
                }
                try define(name, as: service, definition: record.definition)
                let record = isSameBoot ? record : record.afterReboot
                steps += resume(record, of: name, &runs)
                if record.isScheduled == true { schedule(name, lastSeen: record.scheduleSeen) }
                if record.isToStart == true { waiting.append(name) }
                if record.isStale == true { stale.append(name) }
                if record.isLeaving == true { removals.insert(name) }
                if record.process != nil, instances[name]?.run == nil { ended.append(name) }
            }
            steps += machine.finishResumption(waiting: waiting, stale: stale, ended: ended, at: .now)
            changes.isOfStack = true
            writeChanges()
            perform(steps)
            for name in removals { settle(name) }
        }
        for name in Leftovers.end(runs) { emit(StackEvent(name, .leftBehind)) }
    }

    private static func unreadable(_ record: InstanceRecord) -> SystemError {
        SystemError(
            "read", "the definition of \(record.name), which runs on; use the version that started it", .protocolError)
    }

    /// Takes one instance over.
    ///
    /// - Parameter runs: what has a cgroup; what is taken over is taken out.
    private func resume(
        _ record: InstanceRecord, of name: InstanceName, _ runs: inout [Leftovers.Run]
    ) -> [StackMachine.Step] {
        guard let instance = instances[name] else { return [] }
        // The run that was written down, or a later one that could not be any more.
        let known = record.identity.flatMap { $0.isRunning ? $0 : nil }
        // One that shares the processes of others is number 1 nowhere.
        let index =
            runs.lastIndex { $0.instance == name && $0.firstProcess != nil }
            ?? runs.lastIndex { run in
                run.instance == name && known.map { run.processes.contains($0.processID) } == true
            }
        let identity = index.flatMap { runs[$0].firstProcess } ?? known
        var record = record
        // A later run than the one that was written down.
        if let identity, let written = record.identity, identity != written { record.phase = .starting }
        let cgroup = index.map { runs.remove(at: $0).cgroup } ?? record.cgroup
        marks[name] = record.marks
        CgroupLeaf.endSupervision(below: cgroup)
        self.runs = max(self.runs, record.runs)
        let hasProcess = instance.adopt(identity, in: cgroup, of: record)
        var memory = record.memory
        memory.isPreparing = RunName(of: cgroup)?.hook != nil
        let steps = machine.resume(
            memory, of: name, hasProcess: hasProcess, exit: manager?.exitStatus(of: "\(name)"), at: .now)
        if hasProcess || machine.machine(name)?.isOver == false { hasAdopted = true }
        // What ended meanwhile has been asked how; the next run has a handle of the same name.
        if !hasProcess { manager?.drop("\(name)") }
        if hasProcess {
            do {
                try watchProcess(of: instance)
                if instance.run?.hook != nil {
                    _ = preparations.begin(name)
                } else {
                    let isStarting = machine.machine(name)?.state == .starting
                    try resumeHealth(of: instance, isStarting ? nil : record)
                    if isStarting, !health.runHooks(.postStart, of: name) { begin(name) }
                }
                emit(StackEvent("\(name)", .adopted))
            } catch {
                emit(StackEvent("\(name)", .failed, detail: "\(error)"))
            }
        } else if record.process != nil {
            reportEnd(of: instance)
        }
        return steps
    }
}

extension Supervisor {
    /// - Parameter record: what is known of its health; nil where it is only being started.
    private func resumeHealth(of instance: Instance, _ record: InstanceRecord?) throws(SystemError) {
        guard let run = instance.run, let startedAt = run.startedAt else { return }
        let report = record.map { record in
            HealthReport(
                status: record.health ?? .none, checkStatus: record.checkStatus ?? .none,
                failingStreak: record.failingStreak ?? 0, isReady: record.isReady ?? false, results: [],
                said: record.said)
        }
        try health.resumed(
            instance.name, instance.service, process: run.container.process, cgroup: run.cgroup, startedAt: startedAt,
            report: report)
        // Nobody waits for anything yet.
        _ = machine.setHealth(health.report(of: instance.name)?.status ?? .none, of: instance.name, at: .now)
    }
}

extension InstanceRecord {
    /// What is left of it when the machine has been started anew: what it has done, not what it was doing.
    fileprivate var afterReboot: InstanceRecord {
        var record = self
        record.process = nil
        record.places = []
        record.startedAt = nil
        record.restarts = 0
        record.attempts = 0
        record.isWantedUp = false
        record.isToStart = nil
        record.isStale = nil
        record.isPaused = false
        record.backsOffUntil = nil
        record.health = nil
        record.beganAt = 0
        if phase != .exited { record.phase = hasRun ? .stopped : .created }
        return record
    }
}
