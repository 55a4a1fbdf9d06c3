internal import Linux

/// Whether a GET is answered well: a client of HTTP/1.1 that reads the first line of the answer. See RFC 9112.
final class HTTPProbe: Probe {
    private enum State {
        case connecting
        case sending(ArraySlice<UInt8>)
        case receiving([UInt8])
    }

    private let request: HTTPTarget
    private let target: ProbeTarget
    private var socket: OwnedDescriptor?
    private var state = State.connecting

    init(_ request: HTTPTarget, _ target: ProbeTarget) {
        self.request = request
        self.target = target
    }

    func begin(_ waiter: ProbeWaiter) -> ProbeOutcome? {
        attempt { () throws(SystemError) in
            let endpoint = request.endpoint
            let socket = OwnedDescriptor(try target.tcpSocket(for: endpoint))
            _ = try socket.file.connect(to: endpoint.address, port: endpoint.port)
            try waiter.wait(for: socket.file, .writable, as: 0)
            self.socket = socket
            return nil
        }
    }

    func proceed(_ source: UInt8, _ waiter: ProbeWaiter) -> ProbeOutcome? {
        guard let socket else { return nil }
        return attempt { () throws(SystemError) in
            switch state {
            case .connecting:
                if let error = try socket.file.connectionError() { throw SystemError("connect", "", error) }
                state = .sending(Array(request.message.utf8)[...])
                return nil
            case .sending(let unsent):
                let rest = unsent.dropFirst(try socket.file.sendSome(unsent))
                guard rest.isEmpty else {
                    state = .sending(rest)
                    return nil
                }
                state = .receiving([])
                waiter.forget(0, socket.file)
                try waiter.wait(for: socket.file, .readable, as: 0)
                return nil
            case .receiving(let before):
                switch try socket.file.read(upTo: 256) {
                case .wouldBlock: return nil
                case .endOfFile: return HTTPStatusLine.outcome(before, isComplete: true)
                case .bytes(let bytes):
                    state = .receiving(before + bytes)
                    return HTTPStatusLine.outcome(before + bytes, isComplete: false)
                }
            }
        }
    }

    func abandon(_ waiter: ProbeWaiter) -> [UInt8] {
        socket = nil
        return []
    }

    private func attempt(_ body: () throws(SystemError) -> ProbeOutcome?) -> ProbeOutcome? {
        do {
            return try body()
        } catch {
            return .failed("no answer from http://\(request.endpoint)\(request.path): \(error.errno)")
        }
    }
}

extension HTTPTarget {
    /// What is sent.
    fileprivate var message: String {
        "GET \(path) HTTP/1.1\r\nHost: \(endpoint)\r\nUser-Agent: gocker\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    }
}

/// The first line of an answer: `HTTP/1.1 200 OK`. See RFC 9112, section 4.
enum HTTPStatusLine {
    /// How it is to be understood; nil where more has to come for that.
    ///
    /// - Parameter isComplete: whether nothing more comes.
    static func outcome(_ bytes: [UInt8], isComplete: Bool) -> ProbeOutcome? {
        let begin = "HTTP/1."
        let known = zip(bytes, begin.utf8).allSatisfy { $0 == $1 }
        guard bytes.count >= 13 || (bytes.count == 12 && isComplete) else {
            guard known, !isComplete else { return .failed("what answers does not speak HTTP/1.1") }
            return nil
        }
        let digits = bytes[9..<12]
        let isDigits = digits.allSatisfy { (0x30...0x39).contains($0) }
        let isBounded = bytes.count == 12 || [0x20, 0x0D, 0x0A].contains(bytes[12])
        guard known, bytes[8] == UInt8(ascii: " "), isDigits, isBounded else {
            return .failed("what answers does not speak HTTP/1.1")
        }
        let status = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return (200..<400).contains(status) ? .succeeded : .failed("it answers with the status \(status)")
    }
}
