internal import Linux
internal import OrderedCollections
internal import Runtime

/// Waits for what a one-off container needs, which has been started: that its service may run.
public struct OneOffDependencies {
    private let dependencies: [Dependency]
    private let directory: StackDirectory

    public init(of service: ServiceName, in stack: Stack, _ directory: StackDirectory) {
        dependencies = stack.services[service]?.dependencies ?? []
        self.directory = directory
    }

    /// Where they stand.
    public enum Progress: Hashable, Sendable {
        case met
        case waiting
        /// One of them never will be as it has to be: why.
        case hopeless(String)
    }

    public var progress: Progress {
        guard let state = StackState(directory) else { return .waiting }
        var isWaiting = false
        for dependency in dependencies {
            let name = dependency.service.text
            for instance in state.instances where instance.service == name {
                switch Self.progress(of: instance, dependency.condition) {
                case .met: continue
                case .waiting: isWaiting = true
                case .hopeless(let why): return .hopeless("\(instance.name), which it depends on, \(why)")
                }
            }
        }
        return isWaiting ? .waiting : .met
    }

    private static func progress(of instance: InstanceRecord, _ condition: Dependency.Condition) -> Progress {
        switch (condition, instance.phase) {
        case (_, .failed): return .hopeless("failed")
        case (.started, .running), (.started, .exited), (.started, .restarting): return .met
        case (.healthy, .running):
            switch instance.health {
            case .healthy, nil, .some(.none): return .met
            case .unhealthy: return .hopeless("is unhealthy")
            case .starting: return .waiting
            }
        case (.healthy, .exited): return .hopeless("has ended")
        case (.completed, .exited):
            return instance.exitCode == 0 ? .met : .hopeless("did not succeed")
        case (_, .stopped): return .hopeless("is stopped")
        default: return .waiting
        }
    }
}
