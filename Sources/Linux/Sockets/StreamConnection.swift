internal import CLinux

/// How far a connection is that does not wait.
public enum ConnectionProgress: Hashable, Sendable {
    case connected
    /// The descriptor becomes writable when it is decided. Ask `connectionError` then.
    case underWay
}

extension FileDescriptor {
    /// A socket for TCP that never waits, in the current network namespace. See tcp(7).
    ///
    /// - Parameter address: an IP address, for its version.
    public static func tcpSocket(for address: String) throws(SystemError) -> FileDescriptor {
        let family = address.contains(":") ? AF_INET6 : AF_INET
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        return FileDescriptor(owning: try system("socket") { socket(family, type, 0) })
    }

    /// A Unix socket for a stream that never waits.
    public static func unixStreamSocket() throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        return FileDescriptor(owning: try system("socket") { socket(AF_UNIX, type, 0) })
    }

    /// Begins to connect this socket to an IP address and a port. See connect(2).
    ///
    /// - Throws: `SystemError`, `.invalidArgument` where `address` is none of the socket's version.
    public func connect(to address: String, port: UInt16) throws(SystemError) -> ConnectionProgress {
        try progress(of: "\(address) port \(port)") { clinux_connect_internet(number, address, port) }
    }

    /// Begins to connect this socket to the Unix socket that `file` names, which may be open as a path only.
    public func connect(toSocket file: borrowing FileDescriptor) throws(SystemError) -> ConnectionProgress {
        let path = "/proc/self/fd/\(file.number)"
        return try progress(of: "socket") { clinux_connect_unix(number, path) }
    }

    private func progress(of subject: String, _ call: () -> CInt) throws(SystemError) -> ConnectionProgress {
        do {
            try system("connect to", subject, call)
            return .connected
        } catch  where error.errno == .inProgress {
            return .underWay
        }
    }

    /// Why the connection that was under way has failed; nil where it has not. See socket(7), SO_ERROR.
    public func connectionError() throws(SystemError) -> Errno? {
        var error: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        try system("getsockopt", "SO_ERROR") { getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &length) }
        return error == 0 ? nil : Errno(rawValue: error)
    }

    /// Sends as many of `bytes` as go at once.
    ///
    /// - Returns: how many.
    /// - Throws: `SystemError`, `.wouldBlock` where none do, `.brokenPipe` where the other side is gone.
    public func sendSome(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
        try system("send") {
            bytes.withUnsafeBytes { CLinux.send(number, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
        }
    }
}
