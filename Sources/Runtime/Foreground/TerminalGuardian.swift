public import Linux

/// A small process that gives the caller's terminal back should we be killed outright: nothing in our own process runs
/// then, and the shell would be left without echo.
public final class TerminalGuardian {
    private static let name = "gocker-terminal-guardian"

    private let process: ProcessHandle
    /// The guardian waits for its end: a byte dismisses it, an end without one means we died.
    private let lifeline: FileDescriptor

    public init(restoring mode: TerminalMode, of terminal: borrowing FileDescriptor) throws(SystemError) {
        let pipe = try Pipe()
        process = try spawn(
            executable: try OwnExecutable.open(), arguments: [Self.name],
            descriptors: [terminal.number, pipe.reader.number])
        lifeline = pipe.keepingWriter()
        try lifeline.writeAll(mode.bytes)
    }

    /// The terminal is as it was.
    public func dismiss() {
        try? lifeline.writeAll([0])
        _ = try? process.wait()
    }

    /// Becomes the guardian where the process was executed as one; otherwise returns at once.
    public static func runIfRequested() {
        guard CommandLine.argc == 1, CommandLine.unsafeArgv[0].map({ String(cString: $0) }) == name else { return }
        let terminal = FileDescriptor(owning: 0)
        let lifeline = FileDescriptor(owning: 1)
        // Out of the terminal's session: neither its signals nor its job control concern us.
        try? startSession()
        guard let bytes = try? lifeline.readExactly(TerminalMode.byteCount), let mode = TerminalMode(bytes: bytes),
            (try? lifeline.readExactly(1)) == nil
        else { exitImmediately(0) }
        try? terminal.setTerminalMode(mode)
        exitImmediately(0)
    }
}
