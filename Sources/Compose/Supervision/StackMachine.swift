internal import Linux
internal import OrderedCollections

/// All instances of a stack and what they wait for: who may start, who has to stop first. Pure, like its parts.
struct StackMachine: Sendable {
    /// One thing to do for one instance.
    struct Step: Hashable, Sendable {
        let instance: InstanceName
        let action: InstanceMachine.Action
    }

    private struct Member: Sendable {
        var machine: InstanceMachine
        var dependencies: [Dependency]
        /// Wanted, but not yet let go.
        var isWaiting = false
        /// To be stopped, but something that needs it has not stopped yet.
        var isHeld = false
    }

    private var members: OrderedDictionary<InstanceName, Member> = [:]
    /// The edges both ways, so that a step looks at neighbours only.
    private var instancesOf: [ServiceName: [InstanceName]] = [:]
    private var dependentsOf: [ServiceName: [InstanceName]] = [:]

    /// Adds or replaces an instance that is down.
    mutating func define(_ instance: InstanceName, as service: Service) {
        remove(instance)
        let machine = InstanceMachine(restart: service.restart, stopGracePeriod: service.stopGracePeriod)
        members[instance] = Member(machine: machine, dependencies: service.dependencies)
        instancesOf[instance.service, default: []].append(instance)
        for dependency in service.dependencies { dependentsOf[dependency.service, default: []].append(instance) }
    }

    /// Takes over what an instance that goes on unchanged waits for from now on.
    mutating func setDependencies(_ dependencies: [Dependency], of instance: InstanceName) {
        guard let member = members[instance] else { return }
        for dependency in member.dependencies { dependentsOf[dependency.service]?.removeAll { $0 == instance } }
        for dependency in dependencies { dependentsOf[dependency.service, default: []].append(instance) }
        members[instance]?.dependencies = dependencies
    }

    mutating func remove(_ instance: InstanceName) {
        guard let member = members.removeValue(forKey: instance) else { return }
        instancesOf[instance.service]?.removeAll { $0 == instance }
        for dependency in member.dependencies { dependentsOf[dependency.service]?.removeAll { $0 == instance } }
    }

    var instances: [InstanceName] { Array(members.keys) }

    func machine(_ instance: InstanceName) -> InstanceMachine? { members[instance]?.machine }

    /// Whether an instance is wanted, but what it needs is not far enough.
    func isWaiting(_ instance: InstanceName) -> Bool { members[instance]?.isWaiting == true }

    /// Whether nothing runs, will run, or waits.
    var isOver: Bool { members.values.allSatisfy { $0.machine.isOver && !$0.isWaiting } }

    /// Whether everything that was asked for has been done: nothing is being started or stopped, or waits for that.
    var isQuiet: Bool { members.values.allSatisfy { !$0.machine.isInTransition && !$0.isWaiting && !$0.isHeld } }

    // MARK: Events

    /// Starts instances, each once what it depends on is far enough.
    mutating func start(_ instances: [InstanceName], at now: MonotonicTime) -> [Step] {
        for instance in instances {
            members[instance]?.isWaiting = true
            members[instance]?.isHeld = false
        }
        return advance(at: now)
    }

    /// Stops instances, each once what depends on it has stopped.
    mutating func stop(_ instances: [InstanceName], at now: MonotonicTime) -> [Step] {
        for instance in instances {
            members[instance]?.isWaiting = false
            members[instance]?.isHeld = true
        }
        return advance(at: now)
    }

    /// Stops one instance at once, whatever depends on it: it is about to be replaced.
    mutating func stopAlone(_ instance: InstanceName, at now: MonotonicTime) -> [Step] {
        members[instance]?.isWaiting = false
        return apply(.wantDown, to: instance, at: now) + advance(at: now)
    }

    mutating func handle(_ event: InstanceMachine.Event, of instance: InstanceName, at now: MonotonicTime) -> [Step] {
        apply(event, to: instance, at: now) + advance(at: now)
    }

    /// Everything that has a process, to be killed.
    func killAll() -> [Step] {
        members.filter { $0.value.machine.isAlive }.map { Step(instance: $0.key, action: .kill) }
    }

    private mutating func apply(
        _ event: InstanceMachine.Event, to instance: InstanceName, at now: MonotonicTime
    ) -> [Step] {
        let actions = members[instance]?.machine.handle(event, at: now) ?? []
        return actions.map { Step(instance: instance, action: $0) }
    }

    // MARK: Order

    /// Lets go who waits for nothing any more, until that changes nothing.
    private mutating func advance(at now: MonotonicTime) -> [Step] {
        var steps: [Step] = []
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for instance in members.keys {
                guard let member = members[instance] else { continue }
                if member.isWaiting, isReady(member) {
                    members[instance]?.isWaiting = false
                    steps += apply(.wantUp, to: instance, at: now)
                    hasChanged = true
                } else if member.isWaiting, let failed = failedDependency(of: member) {
                    members[instance]?.isWaiting = false
                    steps += apply(.dependencyFailed("\(failed), which it depends on, failed"), to: instance, at: now)
                    hasChanged = true
                } else if member.isHeld, dependents(of: instance).allSatisfy({ $0.isOver }) {
                    members[instance]?.isHeld = false
                    steps += apply(.wantDown, to: instance, at: now)
                    hasChanged = true
                }
            }
        }
        return steps
    }

    private func isReady(_ member: Member) -> Bool {
        member.dependencies.allSatisfy { dependency in
            let states = states(of: dependency.service)
            return switch dependency.condition {
            // Health is not watched yet: the loader refuses stacks that wait for it.
            case .started, .healthy: states.allSatisfy(Self.hasStarted)
            case .completed: states.allSatisfy { $0 == .finished(.exited(0)) }
            }
        }
    }

    private func failedDependency(of member: Member) -> ServiceName? {
        member.dependencies.first { dependency in
            states(of: dependency.service).contains { state in
                switch state {
                case .failed: true
                case .finished(let status): dependency.condition == .completed && !status.isSuccess
                case .down, .starting, .up, .stopping, .backingOff: false
                }
            }
        }?.service
    }

    private static func hasStarted(_ state: InstanceMachine.State) -> Bool {
        switch state {
        case .up, .finished, .backingOff: true
        case .down, .starting, .stopping, .failed: false
        }
    }

    private func states(of service: ServiceName) -> [InstanceMachine.State] {
        (instancesOf[service] ?? []).compactMap { members[$0]?.machine.state }
    }

    private func dependents(of instance: InstanceName) -> [InstanceMachine] {
        (dependentsOf[instance.service] ?? []).compactMap { members[$0]?.machine }
    }
}
