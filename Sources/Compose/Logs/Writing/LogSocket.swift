internal import Linux

/// A socket that messages go to, connected anew when the other side has gone and come back. It never waits for long.
final class LogSocket {
    private let address: SyslogOptions.Address
    private var socket: FileDescriptor?
    /// When connecting failed last: it is not tried for every line.
    private var failedAt: MonotonicTime?
    /// Whether it was waited for in vain: that is not done again before it takes something.
    private var isStuck = false
    private static let pause = Duration.seconds(1)
    /// How long a full socket is waited for: longer, and other services would notice.
    private static let patience = Duration.milliseconds(20)

    init(_ address: SyslogOptions.Address) throws(SystemError) {
        self.address = address
        socket = try Self.connect(address)
    }

    /// Sends one message.
    ///
    /// - Throws: `SystemError`, `.wouldBlock` where the other side does not take it.
    func send(_ message: [UInt8]) throws(SystemError) {
        if socket == nil { try reconnect() }
        do {
            try sendOnce(message)
        } catch  where Self.isGone(error.errno) {
            try reconnect()
            try sendOnce(message)
        }
    }

    private func sendOnce(_ message: [UInt8]) throws(SystemError) {
        switch socket {
        case .some(let socket):
            do {
                try socket.sendAll(message, within: isStuck ? .zero : Self.patience)
                isStuck = false
            } catch {
                isStuck = error.errno == .wouldBlock
                throw error
            }
        case nil: throw SystemError("send", "log", .connectionRefused)
        }
    }

    private func reconnect() throws(SystemError) {
        socket = nil
        if let failedAt, .now < failedAt + Self.pause { throw SystemError("connect", "log", .connectionRefused) }
        do {
            socket = try Self.connect(address)
            failedAt = nil
        } catch {
            failedAt = .now
            throw error
        }
    }

    private static func connect(_ address: SyslogOptions.Address) throws(SystemError) -> FileDescriptor {
        switch address {
        case .unix(let path): try FileDescriptor.connectDatagrams(to: path)
        case .udp(let host, let port): try FileDescriptor.connect(toHost: host, port: port, .datagrams)
        case .tcp(let host, let port): try FileDescriptor.connect(toHost: host, port: port, .stream)
        }
    }

    private static func isGone(_ errno: Errno) -> Bool {
        [.brokenPipe, .connectionRefused, .connectionReset, .noSuchFileOrDirectory, .notConnected].contains(errno)
    }
}
