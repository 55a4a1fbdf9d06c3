/// How a process ended. See wait(2).
public enum ExitStatus: Hashable, Sendable {
    case exited(Int32)
    case signalled(Signal)

    public var isSuccess: Bool { self == .exited(0) }

    /// The shell's way to say it in one number: the exit code, or 128 + the signal.
    public var shellCode: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal.rawValue
        }
    }
}

extension ExitStatus: CustomStringConvertible {
    /// `exited with code 3`, `was killed by SIGKILL`.
    public var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .signalled(let signal): "was killed by \(signal)"
        }
    }
}
