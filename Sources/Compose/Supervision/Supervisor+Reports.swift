internal import Linux
internal import OrderedCollections
internal import Runtime

extension Supervisor {
    /// Says what has become of an instance whose run has ended.
    func reportEnd(of instance: Instance) {
        guard let machine = machine.machine(instance.name) else { return }
        let name = "\(instance.name)"
        let oom = instance.wasOutOfMemory ? ", out of memory" : ""
        let exit = machine.lastExit.map { "\($0)\(oom)" } ?? "ended, nobody saw how"
        let code = machine.lastExit?.shellCode
        switch machine.state {
        case .finished: emit(StackEvent(name, .exited, detail: exit, exitCode: code))
        case .backingOff: emit(StackEvent(name, .restarting, detail: exit, exitCode: code))
        case .failed(let reason): emit(StackEvent(name, .failed, detail: reason))
        case .down: emit(StackEvent(name, .stopped, exitCode: code))
        case .starting, .up, .preparingStop, .stopping: break
        }
    }

    /// Says of instances that are to be started what they wait for.
    func reportWaiting() {
        for name in machine.takeWaiting() {
            guard let what = machine.waitsFor(name), awaited[name] != what else { continue }
            awaited[name] = what
            emit(StackEvent("\(name)", .waiting, detail: what))
        }
    }

    /// Says of instances that never got to run why they will not.
    func reportHopeless() {
        for name in machine.takeHopeless() {
            guard case .failed(let reason) = machine.machine(name)?.state else { continue }
            emit(StackEvent("\(name)", .failed, detail: reason))
        }
    }

    /// Says of instances what they are started without.
    func reportStartedWithout() {
        for (name, service, reason) in machine.takeStartedWithout() {
            let detail = "optional dependency \"\(service)\" failed to start: \(reason)"
            emit(StackEvent("\(name)", .starting, detail: detail))
        }
    }

    /// The instances that are not as they should be.
    public var failed: [String] {
        machine.instances.filter { name in
            if case .failed = machine.machine(name)?.state { return true }
            return false
        }.map { "\($0)" }
    }
}
