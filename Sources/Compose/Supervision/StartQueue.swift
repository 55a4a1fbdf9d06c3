/// Instances that are to be started, in order, those that ran before all others. A supervisor starts a few, then looks at
/// what has happened meanwhile: a thousand of them take seconds, in which others die, print and ask.
struct StartQueue: Sendable {
    private struct Lane: Sendable {
        private var order: [InstanceName] = []
        /// How many of `order` have been taken.
        private var taken = 0

        mutating func append(_ instance: InstanceName) { order.append(instance) }

        mutating func remove(_ instance: InstanceName) {
            order.removeSubrange(..<taken)
            taken = 0
            order.removeAll { $0 == instance }
        }

        mutating func popFirst() -> InstanceName? {
            guard taken < order.count else { return nil }
            defer {
                taken += 1
                if taken == order.count {
                    order = []
                    taken = 0
                }
            }
            return order[taken]
        }
    }

    private var again = Lane()
    private var first = Lane()
    private var members: Set<InstanceName> = []

    var isEmpty: Bool { members.isEmpty }

    func contains(_ instance: InstanceName) -> Bool { members.contains(instance) }

    /// - Parameter hasRun: whether it is missed by those that use it.
    mutating func append(_ instance: InstanceName, hasRun: Bool) {
        guard members.insert(instance).inserted else { return }
        if hasRun { again.append(instance) } else { first.append(instance) }
    }

    /// Takes an instance out of its turn.
    ///
    /// - Returns: whether it was there.
    mutating func remove(_ instance: InstanceName) -> Bool {
        guard members.remove(instance) != nil else { return false }
        again.remove(instance)
        first.remove(instance)
        return true
    }

    mutating func popFirst() -> InstanceName? {
        guard let instance = again.popFirst() ?? first.popFirst() else { return nil }
        members.remove(instance)
        return instance
    }
}
