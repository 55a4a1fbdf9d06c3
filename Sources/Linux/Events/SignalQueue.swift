internal import CLinux

/// Signals as events on a descriptor, in place of handlers. See signalfd(2).
public struct SignalQueue: ~Copyable, Sendable {
    public let descriptor: FileDescriptor

    /// Blocks `signals` for the calling thread and collects them here. The children it starts inherit the mask: the init
    /// stage empties it before it executes a payload.
    public init(_ signals: [Signal]) throws(SystemError) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal.rawValue) }
        try system("sigprocmask") { sigprocmask(SIG_BLOCK, &set, nil) }
        descriptor = FileDescriptor(
            owning: try system("signalfd") {
                signalfd(-1, &set, CInt(SFD_CLOEXEC | SFD_NONBLOCK))
            })
    }

    /// The next signal that has arrived; nil where there is none.
    public func next() throws(SystemError) -> Signal? {
        let size = MemoryLayout<signalfd_siginfo>.size
        guard case .bytes(let bytes) = try descriptor.read(upTo: size), bytes.count == size else { return nil }
        let information = bytes.withUnsafeBytes { $0.loadUnaligned(as: signalfd_siginfo.self) }
        return Signal(rawValue: CInt(information.ssi_signo))
    }
}

extension Signal {
    /// Every signal that can be blocked and means something to whoever sent it: all but KILL, STOP and the faults.
    public static var forwardable: [Signal] {
        let never = [SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT]
        return (1..<32).filter { !never.contains($0) }.map { Signal(rawValue: $0) }
            + (34...64).map { Signal(rawValue: $0) }
    }
}
