internal import Linux

/// A command at the other end of the stack's socket, as the supervisor sees it. Never waits for it.
final class ControlConnection {
    let socket: FileDescriptor
    private var received: [UInt8] = []
    private var unsent: [UInt8] = []
    private var suspect = 0
    /// What it has asked for and waits to be told of.
    enum Goal {
        /// Nothing of the stack runs any more.
        case end
        /// Nothing is being done to these instances any more.
        case settled([InstanceName])
        /// The same, and their health is known.
        case healthy([InstanceName])
        /// Another program goes on in our place.
        case upgrade
    }

    /// Nil where it waits for nothing.
    var goal: Goal?
    /// For how many seconds it waits at most.
    var patience: Double?
    /// Whether it is told everything that happens.
    var isWatching = false

    var isWaiting: Bool { goal != nil }

    /// A client that reads nothing is given up at this many bytes.
    private static let patience = 4 << 20

    init(_ socket: consuming FileDescriptor) throws(SystemError) {
        try socket.setNonBlocking(true)
        self.socket = socket
    }

    /// The requests that are complete; nil once the other end is gone.
    func receive() -> [ControlRequest]? {
        while true {
            switch try? socket.read(upTo: 65536) {
            case .bytes(let bytes): received += bytes
            case .wouldBlock: return requests()
            case .endOfFile, nil: return nil
            }
        }
    }

    private func requests() -> [ControlRequest] {
        var requests: [ControlRequest] = []
        while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
            if let request = ControlLine.decode(received[..<end], as: ControlRequest.self) { requests.append(request) }
            received.removeFirst(end + 1)
        }
        return requests
    }

    /// - Returns: false once the other end is gone or does not listen.
    func send(_ reply: ControlReply) -> Bool {
        unsent += ControlLine.encode(reply)
        return flush()
    }

    func flush() -> Bool {
        while !unsent.isEmpty {
            guard let count = try? socket.write(unsent) else { return false }
            if count == 0 { return unsent.count < Self.patience }
            unsent.removeFirst(count)
        }
        return true
    }

    /// Whether something holds for all of these instances. Asked after every event, it begins with the one for which it
    /// did not hold the last time.
    func holds(for names: [InstanceName], _ condition: (InstanceName) -> Bool) -> Bool {
        for offset in names.indices {
            let index = (suspect + offset) % names.count
            guard condition(names[index]) else {
                suspect = index
                return false
            }
        }
        return true
    }

    var hasUnsent: Bool { !unsent.isEmpty }
}
