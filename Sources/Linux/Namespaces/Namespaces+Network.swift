internal import CLinux

extension FileDescriptor {
    /// The network namespace of the calling process, to come back to. See namespaces(7).
    public static func ownNetworkNamespace() throws(SystemError) -> FileDescriptor { try open("/proc/self/ns/net") }

    /// As `tcpSocket(for:)`, in the network namespace of `process`. For processes of a single thread: for the time of one
    /// call it is in there itself.
    ///
    /// - Parameter home: the namespace that the calling process is in.
    public static func tcpSocket(
        for address: String, inNetworkOf process: borrowing ProcessHandle, home: borrowing FileDescriptor
    ) throws(SystemError) -> FileDescriptor {
        try join(process.descriptor, kinds: .network)
        let socket = Result { () throws(SystemError) in try tcpSocket(for: address).release() }
        do {
            try join(home, kinds: .network)
        } catch {
            // Whatever we did from now on would be done in the network of a stranger. That cannot happen to a process
            // that was able to leave; should it, ending is the one thing that harms nobody.
            try? FileDescriptor.duplicate(2).writeAll("gocker: cannot return to the own network: \(error)\n".utf8)
            exitImmediately(70)
        }
        return FileDescriptor(owning: try socket.get())
    }
}
