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
            executable: try OwnExecutable.open(), arguments: arguments(directory, client: clientDescriptor),
            descriptors: [nothing.number, nothing.number, log.number, sockets.second.number])
        return sockets.keepingFirst()
    }

    /// Goes on as the supervisor that `executable` has in it. Returns only where that failed.
    static func become(
        _ executable: borrowing FileDescriptor, _ directory: StackDirectory, lock: borrowing StackLock,
        client: borrowing FileDescriptor
    ) throws(SystemError) {
        try execute(
            executable, arguments: arguments(directory, client: client.number) + ["\(lock.number)"],
            environment: ServiceManager.inheritance, keeping: [lock.number, client.number])
    }

    private static func arguments(_ directory: StackDirectory, client: CInt) -> [String] {
        [name, directory.project.text, directory.runBase, directory.dataBase, "\(client)"]
    }

    /// Becomes the supervisor where the process was executed as one; otherwise returns at once.
    public static func runIfRequested() {
        let arguments = CommandLine.arguments
        guard arguments.first == name, arguments.count >= 5, let project = ProjectName(arguments[1]),
            let clientNumber = CInt(arguments[4])
        else { return }
        let directory = StackDirectory(project, runBase: arguments[2], dataBase: arguments[3])
        do {
            let client = FileDescriptor(owning: clientNumber)
            if arguments.count > 5, let lock = CInt(arguments[5]) {
                try client.setCloseOnExec()
                let lock = try StackLock(inherited: FileDescriptor(owning: lock))
                let manager = ServiceManager { environmentVariable($0) }
                let supervisor = try Supervisor(directory, holding: lock, manager: manager)
                try supervisor.serveUpgraded(client)
                _ = try supervisor.run()
                exitImmediately(0)
            }
            try startSession()
            try changeWorkingDirectory(to: "/")
            setFileModeMask(0o022)
            guard let supervisor = try Supervisor(directory) else {
                try client.sendAll(ControlLine.encode(ControlReply.busy))
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
