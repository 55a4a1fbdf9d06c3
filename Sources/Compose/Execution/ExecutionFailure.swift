public import Linux
public import Runtime

/// Why nothing can be done in a service, or with it.
public enum ExecutionFailure: Error, Hashable, Sendable {
    /// Nothing of the stack is there.
    case noStack(ProjectName)
    /// The stack that runs has no such service; perhaps another one was meant.
    case unknownService(String, project: ProjectName, nearest: String?)
    /// The service has no instance of that number.
    case noSuchIndex(Int, of: ServiceName, indices: [Int])
    /// The instance is there, and is what this says.
    case notRunning(String, state: String)
    /// What runs in the instance is stopped for the time being.
    case paused(String)
    case runtime(RuntimeError)
    case system(SystemError)
}

extension ExecutionFailure {
    /// 127 where the command does not exist, 126 where it cannot be executed, else 1.
    public var exitCode: Int32 {
        guard case .runtime(.execution(let error)) = self else { return 1 }
        return RuntimeError.execution(error).exitCode
    }
}

extension ExecutionFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noStack(let project): "\(project) is not running; start it with: gocker-compose up -d"
        case .unknownService(let name, let project, let nearest):
            "\(project) has no service \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        case .noSuchIndex(let index, let service, let indices):
            "\(service) has no instance \(index): "
                + (indices.isEmpty ? "it has none" : "there is \(indices.map(String.init).joined(separator: ", "))")
        case .notRunning(let name, let state): "\(name) is not running: it is \(state)"
        case .paused(let name): "\(name) is paused; let it go on with: gocker-compose unpause"
        case .runtime(let error): "\(error)"
        case .system(let error): "\(error)"
        }
    }
}
