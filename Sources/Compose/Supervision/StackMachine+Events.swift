internal import Linux
internal import OrderedCollections

extension StackMachine {
    /// Starts instances, each once what it depends on is far enough; not those that are replaced by others.
    mutating func start(_ instances: [InstanceName], at now: MonotonicTime) -> [Step] {
        for instance in instances where members[instance]?.isReplaced == false {
            change(instance) { $0.intention = .start }
        }
        return advance(instances, at: now)
    }

    /// Stops instances, each once those of them that depend on it have stopped.
    mutating func stop(
        _ instances: [InstanceName], within time: Duration? = nil, thenStart: Bool = false, at now: MonotonicTime
    ) -> [Step] {
        // What is replaced is started anew in any case.
        for instance in instances where !(thenStart && members[instance]?.isReplaced == true) {
            change(instance) {
                $0.isReplaced = false
                $0.intention = .stop(within: time, thenStart: thenStart)
                $0.isStale = false
                if !thenStart { $0.isScheduled = false }
            }
        }
        return advance(instances, at: now)
    }

    /// Stops one instance at once, whatever depends on it.
    ///
    /// - Parameter isReplaced: whether another one of its name is started then.
    mutating func stopAlone(
        _ instance: InstanceName, within time: Duration?, isReplaced: Bool = false, at now: MonotonicTime
    ) -> [Step] {
        change(instance) {
            $0.intention = .none
            $0.isReplaced = isReplaced
        }
        return handle(.wantDown(within: time), of: instance, at: now)
    }

    /// Says whether an instance that is being stopped is replaced then by another one of its name, which is started.
    mutating func setReplaced(_ isReplaced: Bool, of instance: InstanceName) {
        change(instance) { $0.isReplaced = isReplaced }
    }

    /// Takes note of what is known of an instance's health by now.
    mutating func setHealth(_ health: HealthStatus, of instance: InstanceName, at now: MonotonicTime) -> [Step] {
        change(instance) { $0.health = health }
        return advance(neighbours(of: instance), at: now)
    }

    mutating func setSchedule(_ isScheduled: Bool, of instance: InstanceName) {
        change(instance) {
            $0.isScheduled = isScheduled
            if isScheduled { $0.intention = .none }
        }
    }

    mutating func handle(_ event: InstanceMachine.Event, of instance: InstanceName, at now: MonotonicTime) -> [Step] {
        apply(event, to: instance, at: now) + advance([instance] + neighbours(of: instance), at: now)
    }

    /// Lets an instance go on where an earlier supervisor stopped. `finishResumption` comes behind the last of them.
    mutating func resume(
        _ memory: InstanceMachine.Memory, of instance: InstanceName, hasProcess: Bool, exit: ExitStatus?,
        at now: MonotonicTime
    ) -> [Step] {
        var actions: [InstanceMachine.Action] = []
        change(instance) { member in
            actions = member.machine.resume(memory, hasProcess: hasProcess, exit: exit, at: now)
            if member.machine.state == .starting { member.health = member.initialHealth }
        }
        return actions.map { Step(instance: instance, action: $0) }
    }

    /// Lets those go on that wait for others, now that all are known.
    ///
    /// - Parameters:
    ///   - waiting: those that were to be started once what they need is far enough.
    ///   - stale: those that run on something that has ended since.
    ///   - ended: those that have ended while nobody looked.
    mutating func finishResumption(
        waiting: [InstanceName], stale: [InstanceName], ended: [InstanceName], at now: MonotonicTime
    ) -> [Step] {
        for instance in stale { change(instance) { $0.isStale = true } }
        for instance in ended { markStale(dependentsOf: instance.service) }
        return start(waiting, at: now) + advance(instances, at: now)
    }

    /// Everything that has a process, to be killed.
    func killAll() -> [Step] {
        members.filter { $0.value.machine.isAlive }.map { Step(instance: $0.key, action: .kill) }
    }
}
