internal import CLinux

/// The process at the other end of a Unix socket. See unix(7), SO_PEERCRED.
public struct PeerCredentials: Hashable, Sendable {
    public let processID: Int32
    public let user: UInt32
    public let group: UInt32
}

extension FileDescriptor {
    /// A socket that listens at `path`, for its owner only. See unix(7).
    public static func listen(at path: String) throws(SystemError) -> FileDescriptor {
        let listener = try unixSocket(flags: SOCK_NONBLOCK.rawValue)
        // The mode of the new file is 0777 less the mask: nobody else may connect, not even for an instant.
        let old = umask(0o177)
        defer { _ = umask(old) }
        try system("bind", path) { clinux_bind_unix(listener.number, path) }
        try system("listen", path) { CLinux.listen(listener.number, 64) }
        return listener
    }

    /// A socket connected to the one that listens at `path`.
    public static func connect(to path: String) throws(SystemError) -> FileDescriptor {
        let client = try unixSocket(flags: 0)
        try system("connect", path) { clinux_connect_unix(client.number, path) }
        return client
    }

    /// The next connection waiting at this listener; nil where there is none.
    public func accept() throws(SystemError) -> FileDescriptor? {
        let flags = CInt(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        do {
            return FileDescriptor(owning: try system("accept") { clinux_accept(number, flags) })
        } catch  where error.errno == .wouldBlock {
            return nil
        }
    }

    public func peerCredentials() throws(SystemError) -> PeerCredentials {
        var credentials = ucred()
        var length = socklen_t(MemoryLayout<ucred>.size)
        try system("getsockopt", "SO_PEERCRED") {
            getsockopt(number, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
        }
        return PeerCredentials(processID: credentials.pid, user: credentials.uid, group: credentials.gid)
    }

    /// Sends all of `bytes` to the process at the other end of this socket.
    ///
    /// - Throws: `SystemError`, `.brokenPipe` where it is gone, which with `writeAll` would end this process, too.
    public func sendAll(_ bytes: [UInt8]) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            sent += try system("send") {
                bytes.withUnsafeBytes {
                    CLinux.send(number, $0.baseAddress?.advanced(by: sent), $0.count - sent, CInt(MSG_NOSIGNAL))
                }
            }
        }
    }

    /// Sends `descriptor` to the process at the other end, with one byte that says what it is. See unix(7), SCM_RIGHTS.
    public func send(_ descriptor: borrowing FileDescriptor, kind: UInt8 = 0) throws(SystemError) {
        let sent = descriptor.number
        try system("send", "descriptor") { clinux_send_descriptor(number, CChar(bitPattern: kind), sent) }
    }

    /// Receives a descriptor that the process at the other end sent as `kind`.
    ///
    /// - Throws: `SystemError`, `.protocolError` where something else comes next, which is left to be read.
    public func receiveDescriptor(kind: UInt8 = 0) throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            owning: try system("receive", "descriptor") { clinux_receive_descriptor(number, CChar(bitPattern: kind)) })
    }

    private static func unixSocket(flags: UInt32) throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | flags)
        return FileDescriptor(owning: try system("socket") { socket(AF_UNIX, type, 0) })
    }
}
