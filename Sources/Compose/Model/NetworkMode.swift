/// Which network a service is in.
public enum NetworkMode: String, Hashable, Sendable {
    /// That of the machine.
    case host

    /// None but its own loopback.
    case none
}
