public import Linux

/// Why something could not be done with a container. Engines look for some of these sentences.
public enum LifecycleError: Error, Hashable, Sendable {
    case missing(ContainerName)
    case exists(ContainerName)
    /// Another program is at work with the container.
    case busy(ContainerName)
    case notCreated(ContainerName, ContainerStatus)
    case notRunning(ContainerName, ContainerStatus)
    case notStopped(ContainerName, ContainerStatus)
    case notPaused(ContainerName, ContainerStatus)
    /// A document that describes a container or a process.
    case document(path: String, String)
    case runtime(RuntimeError)
    case cgroup(CgroupError)
    case hook(SystemError)
    case system(SystemError)
}

extension LifecycleError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let name): "container does not exist: \(name)"
        case .exists(let name): "container with id exists: \(name)"
        case .busy(let name): "container \(name) is being changed by another program; try again"
        case .notCreated(let name, let status):
            "cannot start container \(name), which is \(status.rawValue), not created"
        case .notRunning(let name, let status): "container not running: \(name) is \(status.rawValue)"
        case .notStopped(let name, let status):
            "cannot delete container \(name) that is not stopped: it is \(status.rawValue) (--force kills it first)"
        case .notPaused(let name, let status): "container not paused: \(name) is \(status.rawValue)"
        case .document(let path, let message): "\(path): \(message)"
        case .runtime(let error): "\(error)"
        case .cgroup(let error): "\(error)"
        case .hook(let error): "\(error)"
        case .system(let error): "\(error)"
        }
    }
}

/// Runs what fails as something of a narrower kind.
func asLifecycle<Value: ~Copyable>(
    _ body: () throws(SystemError) -> Value
) throws(LifecycleError) -> Value {
    do {
        return try body()
    } catch {
        throw .system(error)
    }
}
