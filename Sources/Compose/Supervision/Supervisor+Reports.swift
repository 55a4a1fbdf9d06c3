internal import Linux
internal import OrderedCollections
internal import Runtime

extension Supervisor {
    /// Says what has become of an instance whose run has ended.
    func reportEnd(of instance: Instance) {
        guard let machine = machine.machine(instance.name) else { return }
        let name = "\(instance.name)"
        let oom = instance.wasOutOfMemory ? ", out of memory" : ""
        let exit = machine.lastExit.map { "\($0)\(oom)" }
        switch machine.state {
        case .finished: emit(StackEvent(name, .exited, detail: exit))
        case .backingOff: emit(StackEvent(name, .restarting, detail: exit))
        case .failed(let reason): emit(StackEvent(name, .failed, detail: reason))
        case .down: emit(StackEvent(name, .stopped))
        case .starting, .up, .stopping: break
        }
        reported.insert(instance.name)
    }

    /// Says of instances that never got to run why they will not.
    func reportHopeless() {
        for name in machine.instances where !reported.contains(name) {
            guard case .failed(let reason) = machine.machine(name)?.state else { continue }
            reported.insert(name)
            emit(StackEvent("\(name)", .failed, detail: reason))
        }
    }

    /// The instances that are not as they should be.
    public var failed: [String] {
        machine.instances.filter { name in
            if case .failed = machine.machine(name)?.state { return true }
            return false
        }.map { "\($0)" }
    }

    // MARK: State on disk

    /// The state may be this old: a thousand services that start at once are not worth a thousand files.
    private static let statePeriod = Duration.milliseconds(100)

    func writeStateIfDue() {
        guard stateIsStale else { return }
        let due = stateWrittenAt + Self.statePeriod
        if due <= .now || machine.isQuiet {
            writeState()
        } else {
            timers.arm(.state, at: due)
        }
    }

    func writeState() {
        stateIsStale = false
        stateWrittenAt = .now
        let state = StackState(
            directory: origin.directory, files: origin.files, instances: instances.values.map(describe))
        try? replaceFile(directory.state, with: state.encoded)
    }

    private func describe(_ instance: Instance) -> StackState.Instance {
        let machine = machine.machine(instance.name)
        var phase = StackState.Instance.Phase.waiting
        var reason: String?
        switch machine?.state {
        case .down, nil: phase = self.machine.isWaiting(instance.name) ? .waiting : .stopped
        case .starting: phase = .starting
        case .up: phase = .running
        case .stopping: phase = .stopping
        case .backingOff: phase = .restarting
        case .finished: phase = .exited
        case .failed(let why):
            phase = .failed
            reason = why
        }
        var description = StackState.Instance(
            name: "\(instance.name)", service: "\(instance.service.name)", phase: phase,
            restarts: machine?.restarts.restarts ?? 0, wasOutOfMemory: instance.wasOutOfMemory, reason: reason,
            cgroups: instance.cgroupDirectories)
        description.processID = instance.container?.process.processID
        description.startedAt = instance.startedAt.map { $0.sinceBoot / .seconds(1) }
        switch machine?.lastExit {
        case .exited(let code): description.exitCode = code
        case .signalled(let signal): description.signal = "\(signal)"
        case nil: break
        }
        return description
    }
}
