internal import CLinux

/// A message that came to a Unix socket, and the process that sent it.
public struct Datagram: Hashable, Sendable {
    public let bytes: [UInt8]
    /// As the kernel numbers it for us; 0 where it is in no PID namespace below ours.
    public let sender: Int32
}

extension FileDescriptor {
    /// A socket for messages at `name` in this directory, which tells of each who sent it, and never waits. Everybody who
    /// can reach the directory may send. See unix(7), SO_PASSCRED.
    public func listenForDatagrams(at name: String) throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let receiver = FileDescriptor(owning: try system("socket") { socket(AF_UNIX, type, 0) })
        var isOn: CInt = 1
        try system("setsockopt", "SO_PASSCRED") {
            setsockopt(receiver.number, SOL_SOCKET, SO_PASSCRED, &isOn, socklen_t(MemoryLayout<CInt>.size))
        }
        // By the descriptor: the address of a Unix socket has room for 107 bytes, and the path may be longer.
        let path = "/proc/self/fd/\(number)/\(name)"
        try system("bind", name) { clinux_bind_unix(receiver.number, path) }
        try system("chmod", name) { fchmodat(number, name, 0o666, 0) }
        return receiver
    }

    /// The next message that has come to this socket, without descriptors that were sent with it; nil where there is none.
    public func receiveDatagram(upTo limit: Int = 4096) throws(SystemError) -> Datagram? {
        var bytes = [UInt8](repeating: 0, count: limit)
        var sender: Int32 = 0
        do {
            let count = try system("receive") { clinux_receive_datagram(number, &bytes, bytes.count, &sender) }
            return Datagram(bytes: Array(bytes[..<count]), sender: sender)
        } catch  where error.errno == .wouldBlock {
            return nil
        }
    }
}

/// Sends one message to the Unix socket at `path`, or to an abstract one where that begins with `@`: what the variable
/// `NOTIFY_SOCKET` holds. See sd_notify(3).
///
/// - Throws: `SystemError`, `.wouldBlock` where the receiver has too much to read already.
public func sendDatagram(
    _ bytes: [UInt8], to path: String, with descriptor: CInt = -1
) throws(SystemError) {
    let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
    let sender = FileDescriptor(owning: try system("socket") { socket(AF_UNIX, type, 0) })
    try system("send to", path) { clinux_send_datagram(sender.number, path, bytes, bytes.count, descriptor) }
}
