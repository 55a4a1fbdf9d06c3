internal import Linux
internal import OrderedCollections
internal import Runtime

/// The hooks before a start. Each is a run of its instance like any other, which keeps its output, is stopped with it, and
/// is gone on with should the supervisor die; the instance is starting until the last of them has ended well.
extension Supervisor {
    /// What of an instance that is to be started comes next.
    enum Turn {
        /// Its volumes are being filled.
        case fill
        case hook(Int)
        case service
        /// Another instance runs the hooks for all of them.
        case wait
        case fail(String)
    }

    func nextTurn(of instance: Instance) -> Turn {
        let name = instance.name
        if let failure = preparations.takeFailure(of: name) { return .fail(failure) }
        do throws(SystemError) {
            if try isFilling(instance) { return .fill }
        } catch {
            return .fail("\(error)")
        }
        let hooks = instance.service.hooks.preStart
        guard !hooks.isEmpty, !instance.preparation.isDone else { return .service }
        let areSharedDone = isPrepared(instance.service, except: name)
        if !areSharedDone, hooks.contains(where: { !$0.isPerReplica }), !preparations.begin(name) {
            tellOfHooks(name)
            return .wait
        }
        let rest = hooks.indices.dropFirst(instance.preparation.hooksDone)
        if let next = rest.first(where: { hooks[$0].isPerReplica || !areSharedDone }) {
            tellOfHooks(name)
            return .hook(next)
        }
        instance.preparation.isDone = true
        endPreparation(of: name, failure: nil)
        return .service
    }

    /// Begins to fill an instance's volumes, where that is still to be done.
    private func isFilling(_ instance: Instance) throws(SystemError) -> Bool {
        guard !instance.preparation.areVolumesReady else { return false }
        instance.preparation.areVolumesReady = true
        guard let filler = try instance.fillVolumes() else { return false }
        try poller.add(filler.process.descriptor, token: register(.filler(instance.name), of: instance))
        return true
    }

    /// An instance's volumes have been filled, or not.
    func fillerEnded(_ name: InstanceName) {
        guard let instance = instances[name], let outcome = instance.preparation.filler?.poll() else { return }
        instance.preparation.filler = nil
        unwatchProcess(of: instance)
        guard machine.machine(name)?.state == .starting else { return fail(instance, "stopped before it was started") }
        switch outcome {
        case .done: startNow(instance)
        case .failed(let reason): fail(instance, reason)
        }
    }

    private func tellOfHooks(_ name: InstanceName) {
        let what = "its pre_start hooks"
        guard awaited[name] != what else { return }
        awaited[name] = what
        emit(StackEvent("\(name)", .waiting, detail: what))
    }

    /// Whether what is run once for a service has been, for one of its other instances that is there to stay.
    private func isPrepared(_ service: Service, except name: InstanceName) -> Bool {
        machine.instances(of: service.name).contains { other in
            guard other != name, let instance = instances[other], instance.preparation.isDone else { return false }
            return instance.service.fingerprint == service.fingerprint && replacements[other] == nil
                && !removals.contains(other) && rollouts[service.name]?.rollout.isToReplace(other) != true
        }
    }

    /// A hook has ended, and nothing is left of it.
    func hookEnded(_ index: Int, of instance: Instance, _ status: ExitStatus?) {
        let name = instance.name
        guard machine.machine(name)?.state == .starting else { return fail(instance, "stopped before it was started") }
        switch status {
        case .exited(0)?: instance.preparation.hooksDone = index + 1
        // Nobody saw whether it got to its end.
        case nil: instance.preparation.hooksDone = 0
        case let status?:
            let oom = instance.wasOutOfMemory ? ", out of memory" : ""
            let command = instance.service.hooks.preStart[index].hook.command.joined(separator: " ")
            return fail(instance, "pre_start: \(command) \(status)\(oom)")
        }
        startNow(instance)
    }

    /// Those that waited for an instance's hooks go on.
    func endPreparation(of name: InstanceName, failure: String?) {
        for other in preparations.end(name, failure: failure) {
            starts.append(other, hasRun: machine.machine(other)?.hasRun == true)
        }
    }
}
