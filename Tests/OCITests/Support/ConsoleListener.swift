import Glibc
import Linux
import Testing

/// The socket on which a runtime hands the terminal over, and what is received there.
final class ConsoleListener {
    let path: String
    private let listener: FileDescriptor

    init(in directory: TemporaryDirectory) throws {
        path = "\(directory.path)/console-\(try TestFiles.randomName())"
        listener = try FileDescriptor.listen(at: path)
    }

    /// The terminal, once a runtime has sent it.
    func receive() throws -> ReceivedTerminal {
        ReceivedTerminal(master: FileDescriptor(owning: try receiveMessage().descriptor))
    }

    /// What a runtime sends: a message, and a descriptor that the caller closes.
    func receiveMessage() throws -> (text: String, descriptor: CInt) {
        let deadline = MonotonicTime.now + .seconds(10)
        while .now < deadline {
            guard let connection = try listener.accept() else {
                try pause(.milliseconds(5))
                continue
            }
            try connection.setNonBlocking(false)
            return try Self.message(from: connection)
        }
        throw SystemError("receive", "terminal", .wouldBlock)
    }

    /// Engines want a descriptor with a message of any content; Linux's own reader wants the message it sends itself.
    private static func message(
        from connection: borrowing FileDescriptor
    ) throws -> (text: String, descriptor: CInt) {
        // A header with length, level and type, then the descriptor, then what the alignment needs.
        var control = [UInt64](repeating: 0, count: 3)
        var content = [UInt8](repeating: 0, count: 4096)
        let number = connection.number
        let count = control.withUnsafeMutableBytes { control in
            content.withUnsafeMutableBytes { content in
                var part = iovec(iov_base: content.baseAddress, iov_len: content.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    return recvmsg(number, &message, Int32(truncatingIfNeeded: MSG_CMSG_CLOEXEC))
                }
            }
        }
        try #require(count > 0, "nothing was sent")
        let kind = CInt(truncatingIfNeeded: control[1] >> 32)
        try #require(control[0] == 20 && kind == 1, "no descriptor was sent")
        let text = String(decoding: content.prefix(count), as: UTF8.self)
        return (text, CInt(truncatingIfNeeded: control[2]))
    }
}

/// The side of a terminal that an engine has.
final class ReceivedTerminal {
    let master: FileDescriptor
    private var printed = ""

    init(master: consuming FileDescriptor) {
        self.master = master
        try? self.master.setNonBlocking(true)
    }

    var isTerminal: Bool { master.isTerminal }

    /// What has been printed, without carriage returns.
    func output() -> String {
        // Where the container has ended, reading fails.
        while case .bytes(let bytes) = try? master.read(upTo: 4096) {
            printed += String(String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { $0 != "\r" })
        }
        return printed
    }

    func type(_ text: String) throws { try master.writeAll(text.utf8) }
}
