public import Linux

/// Which system calls a container may make, as people ask for it.
public enum SeccompChoice: Hashable, Sendable {
    /// What suits its capabilities. See `SeccompSpec.standard`.
    case standard
    /// All.
    case unconfined
    case profile(SeccompSpec)

    /// - Parameter capabilities: those of the container.
    public func spec(for capabilities: CapabilitySet) -> SeccompSpec? {
        switch self {
        case .standard: .standard(capabilities: capabilities)
        case .unconfined: nil
        case .profile(let spec): spec
        }
    }
}
