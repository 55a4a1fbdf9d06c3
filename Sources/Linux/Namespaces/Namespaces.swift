internal import CLinux

/// Kinds of namespaces. See namespaces(7).
public struct Namespaces: OptionSet, Hashable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public static let mount = Namespaces(rawValue: UInt64(CLONE_NEWNS))
    public static let hostname = Namespaces(rawValue: UInt64(CLONE_NEWUTS))
    public static let process = Namespaces(rawValue: UInt64(CLONE_NEWPID))
    public static let ipc = Namespaces(rawValue: UInt64(CLONE_NEWIPC))
    public static let network = Namespaces(rawValue: UInt64(CLONE_NEWNET))
    public static let cgroup = Namespaces(rawValue: UInt64(CLONE_NEWCGROUP))
    public static let user = Namespaces(rawValue: UInt64(CLONE_NEWUSER))
    public static let time = Namespaces(rawValue: UInt64(CLONE_NEWTIME))
}

/// Moves the calling process into new namespaces. The corresponding C function is `unshare`.
public func unshare(_ namespaces: Namespaces) throws(SystemError) {
    try system("unshare") { CLinux.unshare(CInt(truncatingIfNeeded: namespaces.rawValue)) }
}

/// Moves the calling process into existing namespaces: those that `namespace`, a file of `/proc/PID/ns`, names, or all
/// `kinds` of a process, by its pidfd. Of PID and time namespaces only later children are in. See setns(2).
public func join(_ namespace: borrowing FileDescriptor, kinds: Namespaces) throws(SystemError) {
    let number = namespace.number
    try system("setns") { setns(number, CInt(truncatingIfNeeded: kinds.rawValue)) }
}

/// Sets the NIS domain name of the current UTS namespace. See setdomainname(2).
public func setDomainName(_ name: String) throws(SystemError) {
    try system("setdomainname", name) { setdomainname(name, name.utf8.count) }
}

/// Sets the host name of the current UTS namespace. See sethostname(2).
public func setHostname(_ name: String) throws(SystemError) {
    try system("sethostname", name) { sethostname(name, name.utf8.count) }
}

/// Brings the loopback interface of the current network namespace up.
public func raiseLoopback() throws(SystemError) {
    try system("bring up", "lo") { clinux_raise_loopback() }
}

extension Namespaces: CustomStringConvertible {
    /// The runtime specification's names, e.g. `network, uts`.
    public var description: String {
        Self.named.filter { contains($0.kind) }.map(\.name).joined(separator: ", ")
    }

    private static let named: [(name: String, kind: Namespaces)] = [
        ("cgroup", .cgroup), ("ipc", .ipc), ("mount", .mount), ("network", .network), ("pid", .process),
        ("time", .time), ("user", .user), ("uts", .hostname),
    ]

    /// Reads one of the runtime specification's names.
    public init?(name: String) {
        guard let entry = Self.named.first(where: { $0.name == name }) else { return nil }
        self = entry.kind
    }

    /// The file of `/proc/PID/ns` for a single kind.
    public var fileName: String {
        switch self {
        case .mount: "mnt"
        case .network: "net"
        default: description
        }
    }
}
