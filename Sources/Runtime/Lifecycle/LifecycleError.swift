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
        case .runtime(.execution(let error)), .hook(let error), .system(let error): Self.sentence(error)
        case .runtime(.setup(let error)):
            "\(Self.sentence(error))\(RuntimeError.hint(error))"
        case .runtime(let error): "\(error)"
        case .cgroup(let error): "\(error)"
        }
    }
}

extension LifecycleError {
    /// With the reason in small letters, as engines look for it: `exec /x: permission denied`.
    private static func sentence(_ error: SystemError) -> String {
        let text = "\(RuntimeError.execution(error))"
        let reason = "\(error.errno)"
        guard text.hasSuffix(reason) else { return text }
        return text.dropLast(reason.count) + reason.prefix(1).lowercased() + reason.dropFirst()
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
