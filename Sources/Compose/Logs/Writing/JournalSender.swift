internal import Linux

/// The driver `journald`: systemd's journal, over its own protocol. See systemd.journal-fields(7) and
/// systemd.io/JOURNAL_NATIVE_PROTOCOL.
///
/// The fields are Docker's: `CONTAINER_NAME` and `CONTAINER_TAG`, `CONTAINER_PARTIAL_MESSAGE` for parts of a long line;
/// and `GOCKER_PROJECT`, `GOCKER_SERVICE`, `GOCKER_STREAM` and `GOCKER_SEQUENCE`.
final class JournalSender: MessageSender {
    /// Where the journal listens.
    static let standardSocket = "/run/systemd/journal/socket"

    private let socket: LogSocket
    private let fields: [UInt8]
    private var message: [UInt8] = []
    /// Since this supervisor began.
    private var sequence: UInt64 = 0

    init(_ instance: LogSource, of project: ProjectName, tag: String?, socket: String = standardSocket)
        throws(SystemError)
    {
        self.socket = try LogSocket(.unix(socket))
        let tag = tag.map { LogTag.expand($0, for: instance, of: project) } ?? "\(instance)"
        fields = [
            ("CONTAINER_NAME", "\(instance)"), ("CONTAINER_TAG", tag), ("SYSLOG_IDENTIFIER", tag),
            ("GOCKER_PROJECT", project.text), ("GOCKER_SERVICE", instance.service.text),
        ].flatMap { Array("\($0)=\($1)\n".utf8) }
    }

    func send(
        _ text: UnsafeRawBufferPointer, _ stream: LogStream, _ time: WallTime, goesOn: Bool
    ) throws(SystemError) {
        message.removeAll(keepingCapacity: true)
        message += fields
        // 6 is "info", 3 is "error", as with Docker.
        message += Array("PRIORITY=\(stream == .standardOutput ? 6 : 3)\nGOCKER_STREAM=\(stream.rawValue)\n".utf8)
        message += Array("SYSLOG_TIMESTAMP=\(time)\n".utf8)
        if goesOn {
            message += Array("CONTAINER_PARTIAL_MESSAGE=true\n".utf8)
        } else {
            sequence += 1
        }
        message += Array("GOCKER_SEQUENCE=\(sequence)\nMESSAGE\n".utf8)
        // With its length before it a value may hold anything.
        message += withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
        message.append(contentsOf: text)
        message.append(0x0A)
        try socket.send(message)
    }
}
