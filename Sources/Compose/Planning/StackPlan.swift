internal import OrderedCollections

/// What has to be done for a stack to become what its file says. Pure, and an answer by itself: `up` carries it out.
public struct StackPlan: Hashable, Sendable {
    public enum Change: Hashable, Sendable {
        /// It is not there yet.
        case create
        /// It is there and as it should be; where it has ended it is started again.
        case keep
        /// It is there, but from another definition.
        case recreate
        /// It is there, but the file does not have it any more. It is reported and left alone.
        case orphan
    }

    public struct Entry: Hashable, Sendable {
        public let instance: InstanceName
        public let change: Change
    }

    /// In the order of the file, orphans last.
    public let entries: [Entry]

    /// Compares `stack` with the instances there are and the definitions they were made from.
    public init(_ stack: Stack, current: [(instance: InstanceName, fingerprint: Fingerprint)]) {
        var known: [InstanceName: Fingerprint] = [:]
        for (instance, fingerprint) in current { known[instance] = fingerprint }
        var entries: [Entry] = []
        for service in stack.services.values {
            let instance = InstanceName(service.name)
            guard let fingerprint = known.removeValue(forKey: instance) else {
                entries.append(Entry(instance: instance, change: .create))
                continue
            }
            entries.append(Entry(instance: instance, change: fingerprint == service.fingerprint ? .keep : .recreate))
        }
        let orphans = current.map(\.instance).filter { known[$0] != nil }
        self.entries = entries + orphans.map { Entry(instance: $0, change: .orphan) }
    }
}
