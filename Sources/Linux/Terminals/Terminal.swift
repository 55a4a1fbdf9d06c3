internal import CLinux

/// How a terminal treats what is typed and printed. See termios(3).
public struct TerminalMode: Sendable {
    fileprivate var raw: termios
}

/// Columns and rows. See ioctl_tty(2), TIOCGWINSZ.
public struct TerminalSize: Hashable, Sendable {
    public let columns: UInt16
    public let rows: UInt16

    public init(columns: UInt16, rows: UInt16) {
        self.columns = columns
        self.rows = rows
    }
}

extension FileDescriptor {
    public var isTerminal: Bool { isatty(number) == 1 }

    public func terminalMode() throws(SystemError) -> TerminalMode {
        var mode = termios()
        try system("tcgetattr") { tcgetattr(number, &mode) }
        return TerminalMode(raw: mode)
    }

    /// Sets the mode after what has been printed is out. SIGTTOU must be blocked or ignored in a background process.
    public func setTerminalMode(_ mode: TerminalMode) throws(SystemError) {
        var raw = mode.raw
        try system("tcsetattr") { tcsetattr(number, TCSADRAIN, &raw) }
    }

    public func terminalSize() throws(SystemError) -> TerminalSize {
        var size = winsize()
        try system("ioctl", "TIOCGWINSZ") { clinux_ioctl_pointer(number, UInt(TIOCGWINSZ), &size) }
        return TerminalSize(columns: size.ws_col, rows: size.ws_row)
    }

    public func setTerminalSize(_ size: TerminalSize) throws(SystemError) {
        var size = winsize(ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0)
        try system("ioctl", "TIOCSWINSZ") { clinux_ioctl_pointer(number, UInt(TIOCSWINSZ), &size) }
    }

    /// Opens the other side of this pseudoterminal multiplexer's end, by descriptor: a path could lead to another one.
    /// See ioctl_tty(2), TIOCSPTLCK and TIOCGPTPEER.
    public func openTerminalPeer() throws(SystemError) -> FileDescriptor {
        var unlocked: CInt = 0
        try system("ioctl", "TIOCSPTLCK") { clinux_ioctl_pointer(number, clinux_unlock_terminal, &unlocked) }
        let flags = UInt(O_RDWR | O_NOCTTY | O_CLOEXEC)
        return FileDescriptor(
            owning: try system("ioctl", "TIOCGPTPEER") { clinux_ioctl_integer(number, clinux_get_terminal_peer, flags) }
        )
    }

    /// Makes this terminal the controlling one of the calling process, the leader of a session without one.
    public func makeControllingTerminal() throws(SystemError) {
        try system("ioctl", "TIOCSCTTY") { clinux_ioctl_integer(number, UInt(TIOCSCTTY), 0) }
    }
}

extension TerminalMode {
    /// The same terminal with every key passed on as it is typed. See cfmakeraw(3).
    public var madeRaw: TerminalMode {
        var mode = self
        cfmakeraw(&mode.raw)
        return mode
    }
}

/// Whether descriptor `number` is a terminal.
public func isTerminal(_ number: CInt) -> Bool { isatty(number) == 1 }

extension TerminalMode {
    /// The mode as bytes, for another process of the same binary.
    public var bytes: [UInt8] { withUnsafeBytes(of: raw) { Array($0) } }

    /// How many bytes that is.
    public static var byteCount: Int { MemoryLayout<termios>.size }

    /// - Returns: nil where `bytes` are too few or too many.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        raw = termios()
        withUnsafeMutableBytes(of: &raw) { $0.copyBytes(from: bytes) }
    }
}
