internal import CLinux

/// How messages go over a network.
public enum Transport: Sendable {
    case datagrams
    case stream
}

/// Sockets that messages are sent through, without ever waiting for long.
extension FileDescriptor {
    /// A socket connected to the one that takes datagrams at `path`. See unix(7).
    public static func connectDatagrams(to path: String) throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let client = FileDescriptor(owning: try system("socket") { socket(AF_UNIX, type, 0) })
        try system("connect", path) { clinux_connect_unix(client.number, path) }
        return client
    }

    /// A socket connected to a port of `host`, a numeric address of IP version 4 or 6. A stream may still be on its way to
    /// be connected. See ip(7).
    public static func connect(
        toHost host: String, port: UInt16, _ transport: Transport
    ) throws(SystemError) -> FileDescriptor {
        let type = transport == .stream ? SOCK_STREAM.rawValue : SOCK_DGRAM.rawValue
        let flags = CInt(type | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let family = host.contains(":") ? AF_INET6 : AF_INET
        let client = FileDescriptor(owning: try system("socket") { socket(family, flags, 0) })
        do {
            try system("connect", "\(host) port \(port)") { clinux_connect_internet(client.number, host, port) }
        } catch  where error.errno == .inProgress {}
        return client
    }

    /// Sends all of `message`, and waits for `patience` at most where the other side takes nothing.
    ///
    /// - Throws: `SystemError`, `.wouldBlock` where it took nothing for so long.
    public func sendAll(_ message: [UInt8], within patience: Duration) throws(SystemError) {
        var sent = 0
        while sent < message.count {
            do {
                sent += try system("send") {
                    message.withUnsafeBytes {
                        CLinux.send(number, $0.baseAddress?.advanced(by: sent), $0.count - sent, CInt(MSG_NOSIGNAL))
                    }
                }
            } catch  where error.errno == .wouldBlock || error.errno == .noBufferSpace {
                var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
                let ready = try system("poll") { poll(&request, 1, CInt(patience / .milliseconds(1))) }
                guard ready > 0 else { throw SystemError("send", "log", .wouldBlock) }
            }
        }
    }
}

/// The name of the machine. See gethostname(2).
public func hostName() -> String {
    var name = utsname()
    guard uname(&name) == 0 else { return "localhost" }
    return withUnsafeBytes(of: name.nodename) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
}
