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
}

/// Moves the calling process into new namespaces. The corresponding C function is `unshare`.
public func unshare(_ namespaces: Namespaces) throws(SystemError) {
    try system("unshare") { CLinux.unshare(CInt(truncatingIfNeeded: namespaces.rawValue)) }
}

/// Sets the host name of the current UTS namespace. See sethostname(2).
public func setHostname(_ name: String) throws(SystemError) {
    try system("sethostname", name) { sethostname(name, name.utf8.count) }
}

/// Brings the loopback interface of the current network namespace up.
public func raiseLoopback() throws(SystemError) {
    try system("bring up", "lo") { clinux_raise_loopback() }
}
