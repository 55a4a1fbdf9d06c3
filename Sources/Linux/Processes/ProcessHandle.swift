internal import CLinux

/// A process, held by a pidfd: the handle goes on meaning this process when its number is reused. See pidfd_open(2).
public struct ProcessHandle: ~Copyable, Sendable {
    /// The number, for people and for `/proc`.
    public let processID: Int32
    /// Becomes readable when the process ends.
    public let descriptor: FileDescriptor

    init(processID: Int32, descriptor: consuming FileDescriptor) {
        self.processID = processID
        self.descriptor = descriptor
    }

    /// Opens a running process. The caller makes sure that it is the one it means.
    public init(opening processID: Int32) throws(SystemError) {
        let number = try system("pidfd_open", "process \(processID)") { pidfd_open(processID, 0) }
        self.init(processID: processID, descriptor: FileDescriptor(owning: number))
    }

    /// Takes a pidfd that another process sent.
    public init(received descriptor: consuming FileDescriptor) throws(SystemError) {
        self.init(processID: try Self.number(of: descriptor), descriptor: descriptor)
    }

    /// The number of a pidfd's process that has not been reaped. See proc(5), `/proc/PID/fdinfo`.
    static func number(of descriptor: borrowing FileDescriptor) throws(SystemError) -> Int32 {
        let path = "/proc/self/fdinfo/\(descriptor.number)"
        let line = try readText(path).split(separator: "\n").first { $0.hasPrefix("Pid:") }
        guard let number = line.flatMap({ Int32($0.dropFirst("Pid:".count).drop { $0 == "\t" }) }), number > 0 else {
            throw SystemError("find", "the process of \(path)", .noSuchProcess)
        }
        return number
    }

    /// A second handle for the same process.
    public func duplicate() throws(SystemError) -> ProcessHandle {
        ProcessHandle(processID: processID, descriptor: try descriptor.duplicate())
    }

    /// Whether its number still means it: it has not been reaped. See pidfd_send_signal(2), signal 0.
    public var hasItsNumber: Bool {
        switch attempt({ pidfd_send_signal(descriptor.number, 0, nil, 0) }) {
        case .success: true
        case .failure(let errno): errno != .noSuchProcess
        }
    }

    /// Sends a signal; a process that has ended already is not an error. See pidfd_send_signal(2).
    public func send(_ signal: Signal) throws(SystemError) {
        do {
            try system("send \(signal) to", "process \(processID)") {
                pidfd_send_signal(descriptor.number, signal.rawValue, nil, 0)
            }
        } catch  where error.errno == .noSuchProcess {
            return
        }
    }

    /// Waits for the end of a child and reaps it. See waitid(2), P_PIDFD.
    public func wait() throws(SystemError) -> ExitStatus {
        var code: CInt = 0
        var status: CInt = 0
        try system("waitid", "process \(processID)") { clinux_wait_pidfd(descriptor.number, 0, &code, &status) }
        return ExitStatus(code: code, status: status)
    }

    /// Reaps a child that has ended; nil while it runs.
    public func poll() throws(SystemError) -> ExitStatus? { try poll(options: WNOHANG) }

    /// How a child has ended that is still to be reaped; nil while it runs.
    public func peek() throws(SystemError) -> ExitStatus? { try poll(options: WNOHANG | WNOWAIT) }

    private func poll(options: CInt) throws(SystemError) -> ExitStatus? {
        var code: CInt = 0
        var status: CInt = 0
        do {
            try system("waitid", "process \(processID)") {
                clinux_wait_pidfd(descriptor.number, options, &code, &status)
            }
        } catch  where error.errno == .wouldBlock {
            return nil
        }
        return ExitStatus(code: code, status: status)
    }
}

extension ExitStatus {
    init(code: CInt, status: CInt) {
        self = code == CLD_EXITED ? .exited(status) : .signalled(Signal(rawValue: status))
    }
}

/// The number of the calling process in its own PID namespace.
public var ownProcessID: Int32 { getpid() }

/// The number of its parent.
public var parentProcessID: Int32 { getppid() }

/// Ends the calling process at once, without running anything on the way.
public func exitImmediately(_ code: Int32) -> Never {
    _exit(code)
}
