internal import Linux
internal import OrderedCollections

/// All instances of a stack and what they wait for: who may start, who has to stop first, who is started again because
/// what it needs was. Pure, like its parts.
struct StackMachine: Sendable {
    /// One thing to do for one instance.
    struct Step: Hashable, Sendable {
        let instance: InstanceName
        let action: InstanceMachine.Action
    }

    /// What is to happen to an instance once others are far enough.
    enum Intention: Hashable, Sendable {
        case none
        /// To be started, once what it needs is far enough.
        case start
        /// To be stopped, once what needs it and is to be stopped too has been; then, where it says so, started.
        case stop(within: Duration?, thenStart: Bool)
    }

    struct Member: Sendable {
        var machine: InstanceMachine
        var dependencies: [Dependency]
        var intention = Intention.none
        var health = HealthStatus.none
        /// What is known of its health when it starts.
        var initialHealth = HealthStatus.none
        /// Whether its policy makes something of it that is not healthy.
        var healsItself = false
        /// Whether something it needs, and is to be restarted with, has ended since it was started.
        var isStale = false
        /// Whether it is started when its time has come, and not before.
        var isScheduled = false
        /// Whether it is stopped only to be replaced by one that is started.
        var isReplaced = false

        var isOver: Bool { machine.isOver && intention == .none && !isScheduled }
        var isQuiet: Bool { !machine.isInTransition && intention == .none }
    }

    private(set) var members: OrderedDictionary<InstanceName, Member> = [:]
    /// The edges both ways, so that a step looks at neighbours only.
    var instancesOf: [ServiceName: [InstanceName]] = [:]
    var dependentsOf: [ServiceName: [InstanceName]] = [:]
    /// Counted along: a thousand instances are not looked at after every event.
    private var busyCount = 0
    /// Those that were looked at since `takeWaiting`, and still wait for something.
    var stillWaiting: [InstanceName] = []
    private var unfinishedCount = 0
    /// Those of which something has changed since `takeChanged`.
    private var changed: Set<InstanceName> = []
    /// Those that were to be stopped once others had, and had ended before: nobody hears of their end then.
    var endedBefore: [InstanceName] = []
    /// Those that will not be started, since somebody asked for them.
    var hopeless: [InstanceName] = []
    /// Those that are started without something they could do without, and why that is not far enough.
    var startedWithout: [(instance: InstanceName, service: ServiceName, reason: String)] = []

    /// Adds or replaces an instance that is down.
    mutating func define(_ instance: InstanceName, as service: Service) {
        let before = members[instance]
        remove(instance)
        var member = Member(machine: InstanceMachine(service.rules), dependencies: service.dependencies)
        member.initialHealth = service.health.isWatched ? .starting : .none
        member.healsItself = service.health.onUnhealthy == .restart
        // It is the new definition that is to be started then.
        if let before { member.intention = before.intention }
        members[instance] = member
        if member.intention != .none {
            busyCount += 1
            unfinishedCount += 1
        }
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

    /// Takes an instance away that is down.
    ///
    /// - Returns: what those do that waited for it.
    mutating func remove(_ instance: InstanceName, at now: MonotonicTime) -> [Step] {
        let waiting = neighbours(of: instance)
        remove(instance)
        return advance(waiting, at: now)
    }

    private mutating func remove(_ instance: InstanceName) {
        guard let member = members.removeValue(forKey: instance) else { return }
        if !member.isQuiet { busyCount -= 1 }
        if !member.isOver { unfinishedCount -= 1 }
        instancesOf[instance.service]?.removeAll { $0 == instance }
        for dependency in member.dependencies { dependentsOf[dependency.service]?.removeAll { $0 == instance } }
    }

    /// Those of which something has changed since the last time, also without anything to be done.
    mutating func takeChanged() -> Set<InstanceName> {
        defer { changed = [] }
        return changed
    }

    // MARK: Looking

    var instances: [InstanceName] { Array(members.keys) }

    func instances(of service: ServiceName) -> [InstanceName] { instancesOf[service] ?? [] }

    func machine(_ instance: InstanceName) -> InstanceMachine? { members[instance]?.machine }

    func health(of instance: InstanceName) -> HealthStatus { members[instance]?.health ?? .none }

    /// Whether nothing runs, will run, or waits.
    var isOver: Bool { unfinishedCount == 0 }

    /// Whether everything that was asked for has been done: nothing is being started or stopped, or waits for that.
    var isQuiet: Bool { busyCount == 0 }

    /// Whether that is so of these.
    func isQuiet(_ instances: some Sequence<InstanceName>) -> Bool {
        instances.allSatisfy { members[$0]?.isQuiet ?? true }
    }

    /// Instances that wait for something, and may do so for something else than when they were last given.
    mutating func takeWaiting() -> [InstanceName] {
        defer { stillWaiting = [] }
        return stillWaiting
    }

    /// Whether an instance is just being started or stopped.
    var isInTransition: Bool { members.values.contains { $0.machine.isInTransition } }

    /// What an instance still waits for, for people: `db to be healthy`; nil where that is only a start, which is soon.
    func waitsFor(_ instance: InstanceName) -> String? {
        guard let member = members[instance], member.intention == .start,
            let dependency = member.dependencies.first(where: { readiness(of: $0) == .waiting })
        else { return nil }
        return switch dependency.condition {
        case .started: nil
        case .healthy: "\(dependency.service) to be healthy"
        case .completed: "\(dependency.service) to complete"
        }
    }

    /// Whatever has been dealt with since the last time as stopped, without an end to hear of.
    mutating func takeEndedBefore() -> [InstanceName] {
        defer { endedBefore = [] }
        return endedBefore
    }

    /// Whatever has been given up since the last time because what it needs will never be far enough.
    mutating func takeHopeless() -> [InstanceName] {
        defer { hopeless = [] }
        return hopeless
    }

    /// Whatever has been started since the last time without something it could do without.
    mutating func takeStartedWithout() -> [(instance: InstanceName, service: ServiceName, reason: String)] {
        defer { startedWithout = [] }
        return startedWithout
    }

    // MARK: Changes

    mutating func change(_ instance: InstanceName, _ body: (inout Member) -> Void) {
        guard var member = members[instance] else { return }
        let (wasQuiet, wasOver) = (member.isQuiet, member.isOver)
        body(&member)
        members[instance] = member
        changed.insert(instance)
        busyCount += (member.isQuiet ? 0 : 1) - (wasQuiet ? 0 : 1)
        unfinishedCount += (member.isOver ? 0 : 1) - (wasOver ? 0 : 1)
    }

    mutating func apply(
        _ event: InstanceMachine.Event, to instance: InstanceName, at now: MonotonicTime
    ) -> [Step] {
        var actions: [InstanceMachine.Action] = []
        var hasEnded = false
        change(instance) { member in
            let wasUp = member.machine.hasRun && member.machine.isAlive
            actions = member.machine.handle(event, at: now)
            hasEnded = wasUp && !(member.machine.isUp || member.machine.isGoingDown)
            if member.machine.state == .starting {
                member.isStale = false
                member.health = member.initialHealth
            }
        }
        if hasEnded { markStale(dependentsOf: instance.service) }
        return actions.map { Step(instance: instance, action: $0) }
    }

    /// What runs on something that has ended is to be started again, where it says so.
    mutating func markStale(dependentsOf service: ServiceName) {
        for dependent in dependentsOf[service] ?? [] {
            change(dependent) { member in
                guard member.machine.isUp, member.intention == .none,
                    member.dependencies.contains(where: { $0.service == service && $0.restart })
                else { return }
                member.isStale = true
            }
        }
    }
}
