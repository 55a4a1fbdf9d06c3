internal import Linux

/// Why systemd did not do what it was asked for.
enum SystemdError: Error, Hashable, Sendable {
    /// It cannot be talked to.
    case connection(SystemError)
    /// It says no: the name of its error, and its sentence.
    case refused(name: String, message: String)
    /// It began, and did not succeed: `failed`, `timeout`, `canceled`.
    case job(result: String)
}

extension SystemdError: CustomStringConvertible {
    var description: String {
        switch self {
        case .connection(let error): "\(error)"
        case .refused(_, let message): message
        case .job(let result): "its job ended as \(result)"
        }
    }
}
