internal import Linux

/// What is typed on its way to a service without a terminal. While the service does not take it, nothing more is read.
final class TypedInput {
    private let input: FileDescriptor
    private var service: FileDescriptor?
    private var pending: [UInt8] = []
    private let inputToken: UInt64
    private let serviceToken: UInt64
    /// Whether the input is a regular file, which is always ready, and which epoll does not deal in.
    private(set) var isFile = false

    /// - Parameter path: the service's FIFO; nil where nothing is typed.
    init(
        _ path: String?, _ poller: borrowing Poller, _ inputToken: UInt64, _ serviceToken: UInt64
    ) throws(SystemError) {
        input = try FileDescriptor.duplicate(0)
        self.inputToken = inputToken
        self.serviceToken = serviceToken
        guard let path else { return }
        service = try ServiceInput.open(path)
        do {
            try poller.add(input, token: inputToken)
        } catch  where error.errno == .operationNotPermitted {
            isFile = true
        }
    }

    func read(_ poller: borrowing Poller) throws(SystemError) {
        guard pending.isEmpty else { return }
        guard case .bytes(let bytes) = try input.read(upTo: 65536) else {
            // Its end is not the service's: that goes on without anybody who types.
            if !isFile { try poller.remove(input) }
            isFile = false
            return
        }
        pending = bytes
        try flush(poller)
    }

    func flush(_ poller: borrowing Poller) throws(SystemError) {
        switch service {
        case .some(let service):
            let wasWaiting = !pending.isEmpty
            // A FIFO takes a part of what does not fit only where that is more than a page.
            if wasWaiting { pending.removeFirst(try service.write(pending)) }
            if pending.isEmpty {
                try? poller.remove(service)
                if !isFile { try? poller.modify(input, token: inputToken, interests: .readable) }
            } else {
                try? poller.add(service, token: serviceToken, interests: .writable)
                if !isFile { try? poller.modify(input, token: inputToken, interests: []) }
            }
        case nil: pending = []
        }
    }
}
