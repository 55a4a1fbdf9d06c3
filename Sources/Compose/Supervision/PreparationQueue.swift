/// Who runs the hooks that are run once for all instances of a service, and who waits for that. Pure: the supervisor
/// runs them.
struct PreparationQueue: Sendable {
    private var running: [ServiceName: InstanceName] = [:]
    private var waiting: [ServiceName: [InstanceName]] = [:]
    /// Those that waited for hooks that have failed: why.
    private var failures: [InstanceName: String] = [:]

    /// Lets an instance run them, unless another one does: then it waits until `end` names it.
    ///
    /// - Returns: whether they are its own to run.
    mutating func begin(_ instance: InstanceName) -> Bool {
        if let other = running[instance.service], other != instance {
            waiting[instance.service, default: []].append(instance)
            return false
        }
        running[instance.service] = instance
        return true
    }

    /// Takes note that an instance runs them no more.
    ///
    /// - Parameter failure: why one has failed; nil where they have succeeded, or are somebody else's to run now.
    /// - Returns: those that waited, who are to be started.
    mutating func end(_ instance: InstanceName, failure: String?) -> [InstanceName] {
        guard running[instance.service] == instance else { return [] }
        running[instance.service] = nil
        let released = waiting.removeValue(forKey: instance.service) ?? []
        if let failure { for other in released { failures[other] = failure } }
        return released
    }

    /// Why an instance that waited is not to be started. It is told once.
    mutating func takeFailure(of instance: InstanceName) -> String? { failures.removeValue(forKey: instance) }

    /// Takes out an instance that is not to be started any more.
    ///
    /// - Returns: whether it waited.
    mutating func withdraw(_ instance: InstanceName) -> Bool {
        guard let index = waiting[instance.service]?.firstIndex(of: instance) else { return false }
        waiting[instance.service]?.remove(at: index)
        return true
    }
}
