internal import CLinux

/// A signal number. See signal(7).
public struct Signal: RawRepresentable, Hashable, Sendable {
    public let rawValue: CInt

    public init(rawValue: CInt) {
        self.rawValue = rawValue
    }

    public static let hangUp = Signal(rawValue: SIGHUP)
    public static let interrupt = Signal(rawValue: SIGINT)
    public static let quit = Signal(rawValue: SIGQUIT)
    public static let kill = Signal(rawValue: SIGKILL)
    public static let user1 = Signal(rawValue: SIGUSR1)
    public static let user2 = Signal(rawValue: SIGUSR2)
    public static let pipe = Signal(rawValue: SIGPIPE)
    public static let terminate = Signal(rawValue: SIGTERM)
    public static let child = Signal(rawValue: SIGCHLD)
    public static let windowChanged = Signal(rawValue: SIGWINCH)

    /// The signals' names without `SIG`, by number, as this architecture numbers them. See signal(7).
    private static let names: [CInt: String] = [
        SIGHUP: "HUP", SIGINT: "INT", SIGQUIT: "QUIT", SIGILL: "ILL", SIGTRAP: "TRAP", SIGABRT: "ABRT",
        SIGBUS: "BUS", SIGFPE: "FPE", SIGKILL: "KILL", SIGUSR1: "USR1", SIGSEGV: "SEGV", SIGUSR2: "USR2",
        SIGPIPE: "PIPE", SIGALRM: "ALRM", SIGTERM: "TERM", SIGSTKFLT: "STKFLT", SIGCHLD: "CHLD",
        SIGCONT: "CONT", SIGSTOP: "STOP", SIGTSTP: "TSTP", SIGTTIN: "TTIN", SIGTTOU: "TTOU", SIGURG: "URG",
        SIGXCPU: "XCPU", SIGXFSZ: "XFSZ", SIGVTALRM: "VTALRM", SIGPROF: "PROF", SIGWINCH: "WINCH",
        SIGIO: "IO", SIGPWR: "PWR", SIGSYS: "SYS",
    ]

    /// The first and last real-time signal that the C library leaves to programs.
    private static let realTime: ClosedRange<CInt> = 34...64
}

extension Signal {
    /// Reads a signal as people write it: `SIGTERM`, `TERM`, `term`, `15`, `SIGRTMIN+3`, `RTMAX-1`.
    public init?(_ text: some StringProtocol) {
        if let number = CInt(text) {
            guard (1...Self.realTime.upperBound).contains(number) else { return nil }
            self.init(rawValue: number)
            return
        }
        var name = text.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        if let (number, _) = Self.names.first(where: { $0.value == name }) {
            self.init(rawValue: number)
            return
        }
        for (base, start) in [("RTMIN", Self.realTime.lowerBound), ("RTMAX", Self.realTime.upperBound)] {
            guard name.hasPrefix(base) else { continue }
            let offset = name.dropFirst(base.count)
            guard let distance = offset.isEmpty ? 0 : Self.distance(offset),
                let number = CInt(exactly: Int(start) + distance), Self.realTime.contains(number)
            else { return nil }
            self.init(rawValue: number)
            return
        }
        return nil
    }

    /// `+3` or `-1`, with its sign.
    private static func distance(_ text: Substring) -> Int? {
        guard text.first == "+" || text.first == "-" else { return nil }
        return CInt(text).map { Int($0) }
    }
}

extension Signal: CustomStringConvertible {
    /// The full name, e.g. `SIGTERM` or `SIGRTMIN+3`.
    public var description: String {
        if let name = Self.names[rawValue] { return "SIG\(name)" }
        if Self.realTime.contains(rawValue) { return "SIGRTMIN+\(rawValue - Self.realTime.lowerBound)" }
        return "signal \(rawValue)"
    }
}
