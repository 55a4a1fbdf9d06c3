internal import Linux

/// The replacement of the instances of one service by changed ones, a few at a time, as its `update_config` says. Pure:
/// the supervisor carries it out.
struct Rollout: Hashable, Sendable {
    enum Event: Hashable, Sendable {
        /// A new instance is up, and healthy where its health is known.
        case settled(InstanceName)
        /// A new instance will not be.
        case failed(InstanceName)
        /// The timer last armed has run out.
        case deadline
    }

    enum Action: Hashable, Sendable {
        /// Stop an instance, then start one of the new definition in its place.
        case replace(InstanceName)
        /// Start a further one of the new definition.
        case add(InstanceName)
        /// Stop an instance and take it away.
        case retire(InstanceName)
        /// Make an instance again what its predecessor was.
        case restore(InstanceName)
        case arm(Duration)
        /// Nothing more is to be done.
        case end(Outcome)
    }

    enum Outcome: Hashable, Sendable {
        case done
        /// A new instance has failed, and the rest is as it was.
        case paused
        /// A new instance has failed, and everything is as it was.
        case rolledBack
    }

    /// One instance on its way.
    private struct Exchange: Hashable, Sendable {
        let old: InstanceName
        let new: InstanceName
        var isSettled = false
    }

    private let policy: UpdatePolicy
    private var waiting: [InstanceName]
    private var active: [Exchange] = []
    private var done: [Exchange] = []
    /// The numbers that further instances cannot have; that of one that is retired is not free before it is gone.
    private var taken: Set<Int>
    private var isWatching = false
    private var isPausing = false
    private var hasFailed = false

    /// - Parameters:
    ///   - obsolete: the instances to be replaced.
    ///   - taken: the numbers of all instances of the service.
    init(_ policy: UpdatePolicy, obsolete: [InstanceName], taken: Set<Int>) {
        self.policy = policy
        waiting = obsolete
        self.taken = taken
    }

    /// Begins with the first lot.
    mutating func begin() -> [Action] { nextLot() }

    /// Whether an instance is still to be replaced.
    func isToReplace(_ name: InstanceName) -> Bool { waiting.contains(name) || active.contains { $0.old == name } }

    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .settled(let name): return settled(name)
        case .failed(let name): return failed(name)
        case .deadline: return deadline()
        }
    }

    private mutating func nextLot() -> [Action] {
        let count = policy.parallelism ?? waiting.count
        let lot = waiting.prefix(count)
        waiting.removeFirst(lot.count)
        guard !lot.isEmpty else { return [.end(hasFailed ? .paused : .done)] }
        var actions: [Action] = []
        for old in lot {
            switch policy.order {
            case .stopFirst:
                active.append(Exchange(old: old, new: old))
                actions.append(.replace(old))
            case .startFirst:
                let number = (1...).first { !taken.contains($0) } ?? 0
                taken.insert(number)
                let new = InstanceName(old.service, number)
                active.append(Exchange(old: old, new: new))
                actions.append(.add(new))
            }
        }
        return actions
    }

    private mutating func settled(_ name: InstanceName) -> [Action] {
        guard let index = active.firstIndex(where: { $0.new == name && !$0.isSettled }) else { return [] }
        active[index].isSettled = true
        guard active.allSatisfy(\.isSettled) else { return [] }
        // What is up for a moment only has failed.
        if policy.monitor > .zero {
            isWatching = true
            return [.arm(policy.monitor)]
        }
        return lotIsDone()
    }

    private mutating func lotIsDone() -> [Action] {
        let finished = active
        active = []
        done += finished
        var actions: [Action] = []
        for exchange in finished where exchange.old != exchange.new {
            actions.append(.retire(exchange.old))
        }
        if policy.delay > .zero, !waiting.isEmpty {
            isPausing = true
            return actions + [.arm(policy.delay)]
        }
        return actions + nextLot()
    }

    private mutating func failed(_ name: InstanceName) -> [Action] {
        guard active.contains(where: { $0.new == name }) else { return [] }
        switch policy.failureAction {
        case .goOn:
            hasFailed = true
            return settled(name)
        case .pause:
            let additions = active.filter { $0.old != $0.new }
            return additions.map { .retire($0.new) } + [.end(.paused)]
        case .rollback:
            let undone = active.map { $0.old == $0.new ? Action.restore($0.new) : .retire($0.new) }
            return undone + done.map { .restore($0.new) } + [.end(.rolledBack)]
        }
    }

    private mutating func deadline() -> [Action] {
        if isWatching {
            isWatching = false
            return lotIsDone()
        }
        guard isPausing else { return [] }
        isPausing = false
        return nextLot()
    }
}
