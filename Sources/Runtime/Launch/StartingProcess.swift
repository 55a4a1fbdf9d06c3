internal import Linux

/// A process on its way into a container, for a loop over descriptors: it is never waited for.
public final class StartingProcess {
    /// What runs at first. Its `control` becomes readable when there is something to `advance`; there is no need to watch
    /// its process, which closes the connection when it ends.
    public let first: Container
    private var successor: Container?
    private let forks: Bool
    private var report: [UInt8] = []
    private var isReaped = false

    init(_ first: Container, forks: Bool) {
        self.first = first
        self.forks = forks
    }

    /// What becomes the command: another process than the first where a namespace takes one.
    public var container: Container { successor ?? first }

    /// Takes what has come.
    ///
    /// - Returns: whether the command runs by now: then it is `container`'s process, to be watched from here on.
    /// - Throws: `RuntimeError` where it never will. All processes of it have ended and been reaped then.
    public func advance() throws(RuntimeError) -> Bool {
        if forks, successor == nil {
            do {
                successor = try first.receiveSuccessor()
            } catch {
                // It is the first that failed, and whoever made the error has reaped it.
                isReaped = true
                throw error
            }
            if successor == nil { return false }
        }
        do {
            while case .bytes(let bytes) = try readMore() { report += bytes }
            guard isAtEnd else { return false }
        } catch {
            throw .setup(error)
        }
        // Nobody has the connection open any more: the first of two has ended.
        reapFirst()
        try container.check(finalReport: report)
        return true
    }

    private var isAtEnd = false

    private func readMore() throws(SystemError) -> Received {
        let received: Received
        do {
            received = try first.control.read(upTo: 4096)
        } catch  where error.errno == .connectionReset {
            received = .endOfFile
        }
        isAtEnd = received == .endOfFile
        return received
    }

    private func reapFirst() {
        guard successor != nil, !isReaped else { return }
        isReaped = true
        _ = try? first.process.wait()
    }

    /// Kills what there is of it; what it has started goes on.
    public func kill() {
        try? first.process.send(.kill)
        try? successor?.process.send(.kill)
    }

    deinit {
        guard successor != nil, !isReaped else { return }
        try? first.process.send(.kill)
        _ = try? first.process.wait()
    }
}
