internal import Linux

/// A connection to a service manager's own socket, which needs no bus: the one systemctl(1) uses, too.
///
/// Who is at the other end is known by the socket (`EXTERNAL`), and the signals of the manager come without being asked
/// for. See the D-Bus specification, "Authentication Protocol", and org.freedesktop.systemd1(5).
final class SystemdConnection {
    private static let destination = "org.freedesktop.systemd1"
    static let manager = "org.freedesktop.systemd1.Manager"
    private static let managerPath = "/org/freedesktop/systemd1"
    /// A manager that takes longer for a single step is not going to take it.
    private static let patience = Duration.seconds(30)

    private let socket: FileDescriptor
    private let poller: Poller
    private var received: [UInt8] = []
    private var serial: UInt32 = 0

    /// Where the caller's manager listens: the machine's for root, else the user's own.
    static var path: String {
        guard effectiveUserID != 0 else { return "/run/systemd/private" }
        return (environmentVariable("XDG_RUNTIME_DIR") ?? "/run/user/\(effectiveUserID)") + "/systemd/private"
    }

    init() throws(SystemdError) {
        socket = try Self.connect()
        poller = try Self.poller(for: socket)
        let user = String(effectiveUserID).utf8.map { String($0, radix: 16) }.joined()
        // In one piece, and nothing more before the answer: a message that the manager reads together with the last line
        // lies in its buffer until another one comes.
        try send(Array("\0AUTH EXTERNAL \(user)\r\nBEGIN\r\n".utf8))
        // Then `OK` and the number of the server.
        let deadline = MonotonicTime.now + Self.patience
        while !received.contains(UInt8(ascii: "\n")) { try receive(until: deadline) }
        let end = received.firstIndex(of: UInt8(ascii: "\n")) ?? 0
        guard received.starts(with: "OK ".utf8) else {
            throw .refused(name: "", message: "it does not let us in: \(PathBytes(received[..<end]))")
        }
        received.removeSubrange(...end)
    }

    private static func connect() throws(SystemdError) -> FileDescriptor {
        do {
            return try FileDescriptor.connect(to: path)
        } catch {
            throw .connection(error)
        }
    }

    private static func poller(for socket: borrowing FileDescriptor) throws(SystemdError) -> Poller {
        do {
            let poller = try Poller()
            try poller.add(socket, token: 0)
            return poller
        } catch {
            throw .connection(error)
        }
    }

    /// Calls a method of the manager.
    ///
    /// - Parameters:
    ///   - signature: the types of the arguments, which `arguments` writes.
    /// - Returns: what it answers.
    func call(
        _ method: String, interface: String = SystemdConnection.manager, _ signature: String,
        _ arguments: (inout DBusWriter) -> Void
    ) throws(SystemdError) -> DBusReader {
        serial += 1
        var writer = DBusWriter()
        arguments(&writer)
        let message = DBusMessage(
            kind: .call, serial: serial,
            fields: [
                .path: .text(Self.managerPath), .interface: .text(interface), .member: .text(method),
                .destination: .text(Self.destination), .signature: .text(signature),
            ], body: writer.bytes)
        try send(message.bytes)
        let deadline = MonotonicTime.now + Self.patience
        while true {
            let answer = try nextMessage(until: deadline)
            guard answer.fields[.answerSerial] == .unsigned32(serial) else { continue }
            if answer.kind == .answer { return DBusReader(answer.body) }
            var reader = DBusReader(answer.body)
            throw .refused(name: answer.text(.errorName) ?? "", message: (try? reader.text()) ?? "no reason")
        }
    }

    /// Calls a method that answers with a job, and waits for the job's end.
    func perform(
        _ method: String, _ signature: String, _ arguments: (inout DBusWriter) -> Void
    ) throws(SystemdError) {
        var answer = try call(method, signature, arguments)
        let job = try Self.expect { () throws(DBusReader.Malformed) in try answer.text() }
        let deadline = MonotonicTime.now + Self.patience
        // It cannot have ended before the answer: the manager goes on with jobs after it has sent that.
        while true {
            let message = try nextMessage(until: deadline)
            guard message.kind == .signal, message.text(.member) == "JobRemoved" else { continue }
            var reader = DBusReader(message.body)
            let (path, result) = try Self.expect { () throws(DBusReader.Malformed) in
                _ = try reader.number()
                let path = try reader.text()
                _ = try reader.text()
                return (path, try reader.text())
            }
            guard path == job else { continue }
            guard result == "done" else { throw .job(result: result) }
            return
        }
    }

    /// A property of the manager that is a text.
    func text(ofProperty name: String) throws(SystemdError) -> String {
        var answer = try call("Get", interface: "org.freedesktop.DBus.Properties", "ss") {
            $0.write(Self.manager)
            $0.write(name)
        }
        guard case .text(let text) = try Self.expect({ () throws(DBusReader.Malformed) in try answer.variant() }) else {
            throw Self.malformed
        }
        return text
    }

    // MARK: Messages

    private func nextMessage(until deadline: MonotonicTime) throws(SystemdError) -> DBusMessage {
        while received.count < DBusMessage.prefixLength { try receive(until: deadline) }
        let prefix = Array(received.prefix(DBusMessage.prefixLength))
        let length = try Self.expect { () throws(DBusReader.Malformed) in try DBusMessage.length(prefix: prefix) }
        while received.count < length { try receive(until: deadline) }
        let bytes = Array(received.prefix(length))
        received.removeFirst(length)
        do {
            return try DBusMessage(bytes)
        } catch {
            throw Self.malformed
        }
    }

    private func receive(until deadline: MonotonicTime) throws(SystemdError) {
        do throws(SystemError) {
            guard .now < deadline, try !poller.wait(timeout: deadline - .now).isEmpty else {
                throw SystemError("wait for", "systemd", .timedOut)
            }
            guard case .bytes(let bytes) = try socket.read(upTo: 65536) else {
                throw SystemError("read from", "systemd, which hung up", .brokenPipe)
            }
            received += bytes
        } catch {
            throw .connection(error)
        }
    }

    private func send(_ bytes: [UInt8]) throws(SystemdError) {
        do {
            try socket.writeAll(bytes)
        } catch {
            throw .connection(error)
        }
    }

    private static let malformed = SystemdError.connection(SystemError("read", "a message of systemd", .protocolError))

    private static func expect<Value>(
        _ body: () throws(DBusReader.Malformed) -> Value
    ) throws(SystemdError) -> Value {
        do {
            return try body()
        } catch {
            throw malformed
        }
    }
}
