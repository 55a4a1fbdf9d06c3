internal import Linux
internal import Runtime

/// Where a service says by itself that it is ready, as to systemd: a socket for messages. See sd_notify(3).
///
/// The socket is in a directory of its own, and the service sees that directory: a supervisor that comes after this one
/// puts another socket in the place of it, and the service finds it there. Nobody else can reach the directory; who sends
/// is looked at all the same.
final class NotifySocket {
    /// What a message says.
    enum Message: Hashable, Sendable {
        case ready
        case stopping
        /// One line for people.
        case status(String)
    }

    /// Where the service sees the directory: not below its root file system, which is somebody's own directory perhaps.
    static let directoryInService = "/dev/gocker"
    private static let name = "notify"
    /// The variable that tells the service, and what it holds.
    static let variable = (name: "NOTIFY_SOCKET", value: "\(directoryInService)/\(name)")

    let receiver: FileDescriptor
    /// That of the instance, which a sender has to be in. To be set before anything is received.
    var cgroup: Cgroup?

    /// Makes the socket in its directory, in place of an older one. What is sent from then on waits to be received.
    init(in path: String) throws(SystemError) {
        do {
            try makeDirectory(path, mode: 0o755)
        } catch  where error.errno == .fileExists {}
        let directory = try FileDescriptor.open(path, [.path, .directory, .noFollow])
        do {
            try directory.removeFile(PathBytes(Self.name))
        } catch  where error.errno == .noSuchFileOrDirectory {}
        receiver = try directory.listenForDatagrams(at: Self.name)
    }

    /// What has been said since the last time, by processes of the service; a bounded part of it at a time.
    func receive() -> [Message] {
        var messages: [Message] = []
        for _ in 0..<64 {
            guard let datagram = try? receiver.receiveDatagram() else { break }
            if isOfService(datagram.sender) { messages += Self.messages(in: datagram.bytes) }
        }
        return messages
    }

    /// Whether a process is one of the service's. One that has ended since is taken for one: nobody else can reach the
    /// socket, and programs such as systemd-notify(1) do nothing but to send.
    private func isOfService(_ sender: Int32) -> Bool {
        guard let path = cgroup?.places.first?.path, sender > 0, let text = try? readText("/proc/\(sender)/cgroup")
        else {
            return true
        }
        return text.split(separator: "\n").contains { $0.hasSuffix("/\(path)") || $0.contains("/\(path)/") }
    }

    /// Reads lines of `NAME=value`; others than ours, `MAINPID` and the like, are for service managers that need them.
    static func messages(in bytes: [UInt8]) -> [Message] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let text = String(decoding: line, as: UTF8.self)
            switch text {
            case "READY=1": return .ready
            case "STOPPING=1": return .stopping
            default:
                guard text.hasPrefix("STATUS=") else { return nil }
                return .status(String(text.dropFirst("STATUS=".count)))
            }
        }
    }
}
