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
        /// Only limits differ, and those can be changed while it runs.
        case update
        /// It is there, but from another definition.
        case recreate
        /// It is there, but the file does not have it any more. It is reported and left alone.
        case orphan
    }

    public struct Entry: Equatable, Sendable {
        public let instance: InstanceName
        public let change: Change
        /// Why, where the definition has changed.
        public let differences: [ServiceDifference]
    }

    /// An instance that there is.
    public struct Current: Sendable {
        public let instance: InstanceName
        /// What it was made from; nil where nobody knows.
        public let service: Service?
        /// Whether nothing of it runs or will run by itself.
        public let isOver: Bool

        public init(_ instance: InstanceName, _ service: Service?, isOver: Bool) {
            self.instance = instance
            self.service = service
            self.isOver = isOver
        }
    }

    /// In the order of the file, orphans last.
    public let entries: [Entry]

    /// Compares `stack` with the instances there are.
    public init(_ stack: Stack, current: [Current]) {
        var known: [InstanceName: Current] = [:]
        for instance in current { known[instance.instance] = instance }
        var entries: [Entry] = []
        for service in stack.services.values {
            let instance = InstanceName(service.name)
            let found = known.removeValue(forKey: instance)
            entries.append(Self.entry(instance, service, found))
        }
        let orphans = current.map(\.instance).filter { known[$0] != nil }
        self.entries = entries + orphans.map { Entry(instance: $0, change: .orphan, differences: []) }
    }

    private static func entry(_ instance: InstanceName, _ service: Service, _ current: Current?) -> Entry {
        guard let current else { return Entry(instance: instance, change: .create, differences: []) }
        guard let old = current.service else { return Entry(instance: instance, change: .recreate, differences: []) }
        guard old.fingerprint != service.fingerprint else {
            return Entry(instance: instance, change: current.isOver ? .start : .keep, differences: [])
        }
        let differences = service.differences(from: old)
        let isInPlace = !current.isOver && service.canReplace(old, differences)
        return Entry(instance: instance, change: isInPlace ? .update : .recreate, differences: differences)
    }

    /// Whether carrying it out changes anything.
    public var changesAnything: Bool {
        entries.contains { $0.change != .keep && $0.change != .orphan }
    }
}

extension Service {
    private static let limits: Set<String> = [
        "pids_limit", "mem_limit", "cpus", "deploy.resources.limits.cpus", "deploy.resources.limits.memory",
        "deploy.resources.limits.pids",
    ]

    /// Whether a container of `old` becomes one of this service by writing other limits into its cgroup: what was limited
    /// still is, and nothing else.
    fileprivate func canReplace(_ old: Service, _ differences: [ServiceDifference]) -> Bool {
        differences.allSatisfy { Self.limits.contains($0.path) }
            && (pidsLimit == .unlimited) == (old.pidsLimit == .unlimited)
            && (memoryLimit == nil) == (old.memoryLimit == nil) && (cpus == nil) == (old.cpus == nil)
    }
}
