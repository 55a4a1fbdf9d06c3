internal import Linux
internal import Runtime

/// A supervisor in a process of its own, which outlives the command that started it.
public enum BackgroundSupervisor {
    private static let name = "gocker-supervisor"
    /// Where the command that started it is connected.
    private static let clientDescriptor: CInt = 3

    /// Starts one.
    ///
    /// - Returns: the connection to it.
    static func start(_ directory: StackDirectory) throws(SystemError) -> FileDescriptor {
        try directory.create()
        let nothing = try FileDescriptor.open("/dev/null", .readWrite)
        let log = try FileDescriptor.open(directory.supervisorLog, [.write, .create, .append, .noFollow], mode: 0o600)
        let sockets = try SocketPair()
        _ = try spawn(
            executable: try OwnExecutable.open(),
            arguments: [name, directory.project.text, directory.runBase, directory.dataBase],
            descriptors: [nothing.number, nothing.number, log.number, sockets.second.number])
        return sockets.keepingFirst()
    }

    /// Becomes the supervisor where the process was executed as one; otherwise returns at once.
    public static func runIfRequested() {
        guard CommandLine.argc == 4, CommandLine.arguments[0] == name,
            let project = ProjectName(CommandLine.arguments[1])
        else { return }
        let directory = StackDirectory(
            project, runBase: CommandLine.arguments[2], dataBase: CommandLine.arguments[3])
        do {
            try startSession()
            try changeWorkingDirectory(to: "/")
            setFileModeMask(0o022)
            let client = FileDescriptor(owning: clientDescriptor)
            guard let supervisor = try Supervisor(directory, observer: nil) else {
                try client.writeAll(ControlLine.encode(ControlReply.busy))
                exitImmediately(1)
            }
            try supervisor.serve(client)
            _ = try supervisor.run()
            exitImmediately(0)
        } catch {
            try? FileDescriptor.duplicate(2).writeAll("gocker-compose: supervisor of \(project): \(error)\n".utf8)
            exitImmediately(1)
        }
    }
}
