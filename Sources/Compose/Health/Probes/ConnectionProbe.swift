internal import Linux

/// Whether somebody accepts connections: over TCP, or at a path of the service.
final class ConnectionProbe: Probe {
    enum Place {
        case tcp(Endpoint)
        case unix(String)
    }

    private let place: Place
    private let target: ProbeTarget
    private var socket: OwnedDescriptor?

    init(_ place: Place, _ target: ProbeTarget) {
        self.place = place
        self.target = target
    }

    func begin(_ waiter: ProbeWaiter) -> ProbeOutcome? {
        attempt { () throws(SystemError) in
            let progress: ConnectionProgress
            let socket: OwnedDescriptor
            switch place {
            case .tcp(let endpoint):
                socket = OwnedDescriptor(try target.tcpSocket(for: endpoint))
                progress = try socket.file.connect(to: endpoint.address, port: endpoint.port)
            case .unix(let path):
                socket = OwnedDescriptor(try FileDescriptor.unixStreamSocket())
                progress = try socket.file.connect(toSocket: try target.open(path))
            }
            guard progress == .underWay else { return .succeeded }
            try waiter.wait(for: socket.file, .writable, as: 0)
            self.socket = socket
            return nil
        }
    }

    func proceed(_ source: UInt8, _ waiter: ProbeWaiter) -> ProbeOutcome? {
        attempt { () throws(SystemError) in
            if let error = try socket?.file.connectionError() { throw SystemError("connect", "", error) }
            return .succeeded
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
            return .failed("cannot connect to \(place): \(error.errno)")
        }
    }
}

extension ConnectionProbe.Place: CustomStringConvertible {
    var description: String {
        switch self {
        case .tcp(let endpoint): "\(endpoint)"
        case .unix(let path): path
        }
    }
}

/// A descriptor that is closed with the last one who knows it.
final class OwnedDescriptor {
    let file: FileDescriptor

    init(_ file: consuming FileDescriptor) {
        self.file = file
    }
}
