/// What a service shares with the machine or with another service, beside its network.
public struct ServiceNamespaces: Hashable, Sendable {
    public enum Sharing: Hashable, Sendable {
        case own
        case host
        /// That of the first instance of a service that runs.
        case service(ServiceName)
    }

    /// System V objects, POSIX message queues and `/dev/shm`.
    public var ipc = Sharing.own
    /// Whether others may share these.
    public var isShareable = false
    /// Whether there is a `/dev/shm` of its own to share memory by.
    public var hasSharedMemory = true
    /// The processes that it sees.
    public var processes = Sharing.own
    /// The host name and the domain name.
    public var names = Sharing.own
    /// Whether it sees its own cgroup as the root of all.
    public var hidesCgroups = true
    /// The NIS domain name, and the domain of the host name in `/etc/hosts`.
    public var domainName: String?
    /// Whether the file names the host, so that `/etc/hostname` and `/etc/hosts` are to say so.
    public var isNamed = false

    /// The services whose instances have to run for this one to start.
    public var services: [ServiceName] {
        [ipc, processes, names].compactMap {
            guard case .service(let name) = $0 else { return nil }
            return name
        }
    }
}
