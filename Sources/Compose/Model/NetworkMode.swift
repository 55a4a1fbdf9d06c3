/// Which network a service is in.
public enum NetworkMode: Hashable, Sendable {
    /// That of the machine.
    case host

    /// None but its own loopback.
    case none

    /// That of the first instance of a service that runs.
    case service(ServiceName)

    init?(_ text: String) {
        switch text {
        case "host": self = .host
        case "none": self = .none
        default:
            guard text.hasPrefix("service:"), let name = ServiceName(String(text.dropFirst("service:".count))) else {
                return nil
            }
            self = .service(name)
        }
    }
}
