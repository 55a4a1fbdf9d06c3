public import Linux

/// The caller's terminal while every key goes elsewhere. A guardian gives it back as it was should this process be killed.
public final class RawTerminal {
    private let terminal: FileDescriptor
    private let mode: TerminalMode
    private let guardian: TerminalGuardian

    /// Takes it; nil where `terminal` is none.
    public init?(_ terminal: borrowing FileDescriptor) throws(SystemError) {
        guard terminal.isTerminal else { return nil }
        mode = try terminal.terminalMode()
        self.terminal = try terminal.duplicate()
        guardian = try TerminalGuardian(restoring: mode, of: terminal)
        try terminal.setTerminalMode(mode.madeRaw)
    }

    /// Gives it back as it was.
    public func restore() {
        try? terminal.setTerminalMode(mode)
        guardian.dismiss()
    }
}
