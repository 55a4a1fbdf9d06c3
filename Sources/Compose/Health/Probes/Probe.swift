internal import Linux

/// One attempt to find out how a service is. It never waits: it names the descriptors that it waits for.
protocol Probe: AnyObject {
    /// Begins.
    ///
    /// - Returns: how it came out, where that is known at once.
    func begin(_ waiter: ProbeWaiter) -> ProbeOutcome?

    /// Goes on where a descriptor is ready, `source` being the number that it was named with.
    ///
    /// - Returns: how it came out, where it is over.
    func proceed(_ source: UInt8, _ waiter: ProbeWaiter) -> ProbeOutcome?

    /// Gives it up, with all processes that belong to it.
    ///
    /// - Returns: what it has said so far.
    func abandon(_ waiter: ProbeWaiter) -> [UInt8]

    /// What is left of it to be cleaned up, once it is over or given up.
    var remains: CommandRemains? { get }
}

extension Probe {
    var remains: CommandRemains? { nil }
}

extension ProbeOutcome {
    static let succeeded = ProbeOutcome(exitCode: ProbeOutcome.success, "")

    static func failed(_ reason: String) -> ProbeOutcome { ProbeOutcome(exitCode: 1, reason) }
}

/// What somebody waits for in a poller that others wait in, too: descriptors, by numbers of his own.
final class ProbeWaiter {
    private unowned let room: WaitingRoom
    private var tokens: [UInt8: UInt64] = [:]
    private let wake: (UInt8) -> Void

    /// - Parameter wake: called with the number of a descriptor that is ready.
    init(_ room: WaitingRoom, wake: @escaping (UInt8) -> Void) {
        self.room = room
        self.wake = wake
    }

    func wait(
        for file: borrowing FileDescriptor, _ interests: Poller.Readiness, as source: UInt8
    ) throws(SystemError) {
        let token = room.admit(self, source)
        tokens[source] = token
        try room.poller.add(file, token: token, interests: interests)
    }

    /// Waits for it no more. To be called for every descriptor that stays open.
    func forget(_ source: UInt8, _ file: borrowing FileDescriptor) {
        guard let token = tokens.removeValue(forKey: source) else { return }
        room.dismiss(token)
        try? room.poller.remove(file)
    }

    /// Waits for nothing any more; the descriptors are closed.
    func end() {
        for token in tokens.values { room.dismiss(token) }
        tokens = [:]
    }

    func isReady(_ source: UInt8) { wake(source) }
}

/// A poller, and who waits for what in it.
final class WaitingRoom {
    let poller: Poller
    private var visitors: [UInt64: (waiter: ProbeWaiter, source: UInt8)] = [:]
    private var nextToken: UInt64 = 0

    init() throws(SystemError) {
        poller = try Poller()
    }

    fileprivate func admit(_ waiter: ProbeWaiter, _ source: UInt8) -> UInt64 {
        nextToken += 1
        visitors[nextToken] = (waiter, source)
        return nextToken
    }

    fileprivate func dismiss(_ token: UInt64) { visitors[token] = nil }

    /// Wakes those whose descriptors are ready by now; does not wait itself.
    func serve() throws(SystemError) {
        for event in try poller.wait(timeout: .zero) {
            guard let visitor = visitors[event.token] else { continue }
            visitor.waiter.isReady(visitor.source)
        }
    }
}
