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
    /// Another container of the stack is called so.
    case nameInUse(String)
    /// No container can be called so.
    case badName(String)
    /// What should run in the background does not: in the words of whoever should look after it.
    case detached(String, exitCode: Int32)
    case runtime(RuntimeError)
    case system(SystemError)
}

extension ExecutionFailure {
    /// 127 where the command does not exist, 126 where it cannot be executed, else 1.
    public var exitCode: Int32 {
        switch self {
        case .runtime(.execution(let error)): RuntimeError.execution(error).exitCode
        case .detached(_, let exitCode): exitCode
        default: 1
        }
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
        case .nameInUse(let name): "there is a container named \(name) in this stack already; choose another name"
        case .badName(let name): "\"\(name)\" cannot be a name: use letters, digits, \".\", \"_\" and \"-\""
        case .detached(let words, _): words
        case .runtime(let error): "\(error)"
        case .system(let error): "\(error)"
        }
    }
}
