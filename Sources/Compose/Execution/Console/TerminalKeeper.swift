internal import Linux
internal import Runtime

/// A small process that keeps the far side of a service's terminal.
///
/// Were it the supervisor's, the terminal would hang up with the supervisor, and take the service along. What the
/// terminal shows goes to the service's output as any service's does, and to whoever is attached.
public enum TerminalKeeper {
    private static let name = "gocker-terminal"
    /// Its descriptors, in order.
    private enum Descriptor: CInt { case terminal, output, listener, process }

    /// Starts one.
    ///
    /// - Parameters:
    ///   - terminal: the far side.
    ///   - output: a service's end of its output.
    ///   - socket: where people attach.
    ///   - takesInput: whether what they type is passed on.
    ///   - process: the service's first process, with which it ends.
    static func start(
        _ terminal: borrowing FileDescriptor, output: borrowing FileDescriptor, socket: String, takesInput: Bool,
        process: borrowing ProcessHandle
    ) throws(SystemError) -> ProcessHandle {
        try? removeFile(socket)
        let listener = try FileDescriptor.listen(at: socket)
        return try spawn(
            executable: try OwnExecutable.open(), arguments: [name, takesInput ? "input" : "none"],
            descriptors: [terminal.number, output.number, listener.number, process.descriptor.number])
    }

    /// Becomes a keeper where the process was executed as one; otherwise returns at once.
    public static func runIfRequested() {
        let arguments = CommandLine.arguments
        guard arguments.first == name, arguments.count == 2 else { return }
        do {
            try startSession()
            try changeWorkingDirectory(to: "/")
            let descriptors: [CInt] = [0, 1, 2, 3]
            try TerminalKeeping(descriptors, takesInput: arguments[1] == "input").run()
        } catch {
            exitImmediately(1)
        }
        exitImmediately(0)
    }
}

/// The keeper of an instance's terminal, as its parent knows it.
struct StartedTerminalKeeper: ~Copyable {
    private var process: ProcessHandle?

    /// How long what it still has to pass on is waited for.
    private static let patience = Duration.milliseconds(500)

    mutating func start(
        _ terminal: borrowing FileDescriptor, output: borrowing FileDescriptor, socket: String, takesInput: Bool,
        process service: borrowing ProcessHandle
    ) throws(SystemError) {
        finish()
        process = try TerminalKeeper.start(
            terminal, output: output, socket: socket, takesInput: takesInput, process: service)
    }

    /// Waits for its end, which is near where the service has ended.
    mutating func finish() {
        guard let keeper = process.take() else { return }
        guard let poller = try? Poller(), (try? poller.add(keeper.descriptor, token: 0)) != nil else { return }
        if (try? poller.wait(timeout: Self.patience).isEmpty) == true { try? keeper.send(.kill) }
        _ = try? keeper.wait()
    }
}
