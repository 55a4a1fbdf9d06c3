internal import OrderedCollections

/// What has to be done for a stack to become what its file says. Pure, and an answer by itself: `plan` prints it, `up`
/// carries it out.
public struct StackPlan: Equatable, Sendable {
    public enum Change: String, Hashable, Sendable {
        /// It is not there yet.
        case create
        /// It is there and as it should be, but has ended.
        case start
        /// It is there and as it should be.
        case keep
        /// It has done what it is for, and would do the same again.
        case done
        /// Only limits differ, and those can be changed while it runs.
        case update
        /// It is there, but from another definition, or is to be made anew in any case.
        case recreate
        /// There are more of its service than there should be, or the file does not have it any more and it is to go.
        case remove
        /// It is there, but the file does not have it any more. It is reported and left alone.
        case orphan
    }

    public struct Entry: Equatable, Sendable {
        public let instance: InstanceName
        public let change: Change
        /// Why, where the definition has changed.
        public let differences: [ServiceDifference]
    }

    /// When instances are made anew.
    public enum Recreation: String, Codable, Hashable, Sendable {
        case changed, always, never
    }

    /// What is asked for beside the file.
    public struct Options: Hashable, Sendable {
        /// Only these; nil means all.
        public var services: Set<ServiceName>?
        /// Services that are in the file, though not in the stack: what there is of them stays as it is.
        public var inactive: Set<ServiceName> = []
        public var recreation = Recreation.changed
        /// Which services it is about where everything is made anew; none means all.
        public var recreated: Set<ServiceName> = []
        /// Whether what is made anew begins with new volumes of its own.
        public var renewsVolumes = false
        public var removesOrphans = false
        /// Whether those that stay are worth a word.
        public var tellsOrphans = true

        public init() {}
    }

    /// An instance that there is.
    public struct Current: Sendable {
        public let instance: InstanceName
        /// What it was made from; nil where nobody knows.
        public let service: Service?
        /// Whether nothing of it runs or will run by itself.
        public let isOver: Bool
        /// Whether its last run ended with exit code 0.
        public let hasSucceeded: Bool

        public init(_ instance: InstanceName, _ service: Service?, isOver: Bool, hasSucceeded: Bool = false) {
            self.instance = instance
            self.service = service
            self.isOver = isOver
            self.hasSucceeded = hasSucceeded
        }
    }

    /// In the order of the file, orphans last.
    public let entries: [Entry]

    /// Compares `stack` with the instances there are.
    public init(_ stack: Stack, current: [Current], options: Options = Options()) {
        var known: OrderedDictionary<ServiceName, [Current]> = [:]
        for instance in current { known[instance.instance.service, default: []].append(instance) }
        var entries: [Entry] = []
        for service in stack.services.values {
            let present = known.removeValue(forKey: service.name) ?? []
            guard options.services?.contains(service.name) ?? true else { continue }
            let isLeft =
                options.recreation == .always && !options.recreated.isEmpty
                && !options.recreated.contains(service.name)
            entries += Self.entries(service, present, isLeft ? .changed : options.recreation)
        }
        if options.renewsVolumes { entries = Self.recreatingHeirs(entries, in: stack) }
        for instance in known.values.joined() where !options.inactive.contains(instance.instance.service) {
            guard options.removesOrphans || options.tellsOrphans else { break }
            let change = options.removesOrphans ? Change.remove : .orphan
            entries.append(Entry(instance: instance.instance, change: change, differences: []))
        }
        self.entries = entries
    }

    /// What sees volumes of an instance that gets new ones would be left with directories that are gone.
    private static func recreatingHeirs(_ entries: [Entry], in stack: Stack) -> [Entry] {
        let renewed = Set(entries.filter { $0.change == .recreate }.map(\.instance.service))
        return entries.map { entry in
            let owners = stack.services[entry.instance.service]?.volumeOwners ?? []
            guard [.keep, .start, .update].contains(entry.change), !renewed.isDisjoint(with: owners) else {
                return entry
            }
            return Entry(instance: entry.instance, change: .recreate, differences: entry.differences)
        }
    }

    /// The instances of one service. Those from another definition go first, then the highest numbers; the lowest free
    /// numbers are given first.
    private static func entries(_ service: Service, _ present: [Current], _ recreation: Recreation) -> [Entry] {
        func isObsolete(_ current: Current) -> Bool { current.service?.fingerprint != service.fingerprint }
        var kept = present.sorted {
            (isObsolete($0) ? 1 : 0, $0.instance.number) < (isObsolete($1) ? 1 : 0, $1.instance.number)
        }
        let surplus = kept.dropFirst(service.replicas).map {
            Entry(instance: $0.instance, change: .remove, differences: [])
        }
        kept = Array(kept.prefix(service.replicas))
        let taken = Set(kept.map(\.instance.number))
        let free = (1...).lazy.filter { !taken.contains($0) }.prefix(service.replicas - kept.count)
        let created = free.map { Entry(instance: InstanceName(service.name, $0), change: .create, differences: []) }
        let entries = kept.map { entry(service, $0, recreation) } + created
        return entries.sorted { $0.instance.number < $1.instance.number } + surplus
    }

    private static func entry(_ service: Service, _ current: Current, _ recreation: Recreation) -> Entry {
        let instance = current.instance
        func unchanged() -> Entry {
            let isDone = current.hasSucceeded && service.isOneShot
            return Entry(
                instance: instance, change: current.isOver ? (isDone ? .done : .start) : .keep, differences: [])
        }
        if recreation == .never { return unchanged() }
        guard recreation != .always, let old = current.service else {
            return Entry(instance: instance, change: .recreate, differences: [])
        }
        guard old.fingerprint != service.fingerprint else { return unchanged() }
        let differences = service.differences(from: old)
        let isInPlace = !current.isOver && service.canReplace(old, differences)
        return Entry(instance: instance, change: isInPlace ? .update : .recreate, differences: differences)
    }

    /// Whether carrying it out changes anything.
    public var changesAnything: Bool {
        entries.contains { ![.keep, .done, .orphan].contains($0.change) }
    }
}

extension Service {
    /// Those whose volumes without names it sees.
    public var volumeOwners: [ServiceName] {
        volumes.compactMap { if case .anonymous(let owner) = $0.source { owner } else { nil } }
    }

    /// Whether it is done for good once it has ended with exit code 0.
    var isOneShot: Bool {
        switch restart.condition {
        case .no, .onFailure: true
        case .always, .unlessStopped: false
        }
    }

    private static let limits: Set<String> = [
        "pids_limit", "mem_limit", "cpus", "deploy.resources.limits.cpus", "deploy.resources.limits.memory",
        "deploy.resources.limits.pids",
    ]

    /// Likewise, where they are said before and after: what is left out would stay.
    private static let laterLimits: Set<String> = [
        "mem_reservation", "memswap_limit", "mem_swappiness", "cpu_shares", "cpu_quota", "cpu_period", "cpuset",
        "blkio_config.weight", "deploy.resources.reservations.memory",
    ]

    /// Whether a container of `old` becomes one of this service by writing other limits into its cgroup: what was limited
    /// still is, and nothing else.
    fileprivate func canReplace(_ old: Service, _ differences: [ServiceDifference]) -> Bool {
        differences.allSatisfy { difference in
            Self.limits.contains(difference.path)
                || Self.laterLimits.contains(difference.path) && difference.old != nil && difference.new != nil
        }
            && (pidsLimit == .unlimited) == (old.pidsLimit == .unlimited)
            && (memoryLimit == nil) == (old.memoryLimit == nil) && (cpus == nil) == (old.cpus == nil)
    }
}
