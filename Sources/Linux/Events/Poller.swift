internal import CLinux

/// Waits for many descriptors at once. See epoll(7).
public struct Poller: ~Copyable {
    /// What a descriptor is ready for.
    public struct Readiness: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        public static let readable = Readiness(rawValue: EPOLLIN.rawValue)
        public static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
        /// Reported without being asked for: the other side is gone.
        public static let hangUp = Readiness(rawValue: EPOLLHUP.rawValue | EPOLLERR.rawValue)
    }

    /// One descriptor that is ready, by the token it was added with.
    public struct Event: Hashable, Sendable {
        public let token: UInt64
        public let readiness: Readiness
    }

    /// Becomes readable itself when something that it waits for is ready, so that one may wait for another.
    public let descriptor: FileDescriptor

    public init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try system("epoll_create") { epoll_create1(CInt(EPOLL_CLOEXEC)) })
    }

    /// Reports `file` under `token` whenever it is ready for one of `interests`.
    public func add(
        _ file: borrowing FileDescriptor, token: UInt64, interests: Readiness = .readable
    ) throws(SystemError) {
        try control(EPOLL_CTL_ADD, file.number, token, interests)
    }

    /// Changes what `file` is waited for.
    public func modify(
        _ file: borrowing FileDescriptor, token: UInt64, interests: Readiness
    ) throws(SystemError) {
        try control(EPOLL_CTL_MOD, file.number, token, interests)
    }

    /// Forgets `file`. Call it before the descriptor is closed where a duplicate of it lives on.
    public func remove(_ file: borrowing FileDescriptor) throws(SystemError) {
        try control(EPOLL_CTL_DEL, file.number, 0, [])
    }

    private func control(
        _ operation: CInt, _ file: CInt, _ token: UInt64, _ interests: Readiness
    ) throws(SystemError) {
        var event = epoll_event(events: interests.rawValue, data: epoll_data_t(u64: token))
        try system("epoll_ctl", "descriptor \(file)") { epoll_ctl(descriptor.number, operation, file, &event) }
    }

    /// Waits until something is ready, without end where `timeout` is nil.
    public func wait(timeout: Duration? = nil) throws(SystemError) -> [Event] {
        var buffer = [epoll_event](repeating: epoll_event(), count: 64)
        // Rounded up: waking before the time would only mean to wait again.
        let milliseconds = timeout.map { CInt(clamping: max(0, ($0 + .microseconds(999)) / .milliseconds(1))) } ?? -1
        let count: CInt
        do {
            count = try system("epoll_wait") { epoll_wait(descriptor.number, &buffer, 64, milliseconds) }
        }
        return buffer[..<Int(count)].map {
            Event(token: $0.data.u64, readiness: Readiness(rawValue: $0.events))
        }
    }
}

extension CInt {
    fileprivate init(clamping value: Double) {
        self = value >= Double(CInt.max) ? .max : CInt(value)
    }
}
