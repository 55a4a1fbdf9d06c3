internal import Linux
internal import Runtime

/// Where a stack keeps what it needs while it exists. Two places: one that a reboot empties, and one on disk.
public struct StackDirectory: Hashable, Sendable {
    public let project: ProjectName
    let runBase: String
    let dataBase: String

    /// - Parameters:
    ///   - runBase: below which sockets, FIFOs and the state are; `/run/gocker`.
    ///   - dataBase: below which logs and writable layers are; `/var/lib/gocker`.
    public init(_ project: ProjectName, runBase: String, dataBase: String) {
        self.project = project
        self.runBase = runBase
        self.dataBase = dataBase
    }

    /// The standard places, or those named by `GOCKER_RUN_DIR` and `GOCKER_DATA_DIR`.
    public init(_ project: ProjectName, environment: [String: String]) {
        self.init(
            project, runBase: RunDirectory.standard, dataBase: Self.standardDataBase { environment[$0] })
    }

    private static func standardDataBase(_ variable: (String) -> String?) -> String {
        if let directory = variable("GOCKER_DATA_DIR") { return directory }
        guard effectiveUserID != 0 else { return "/var/lib/gocker" }
        // See the XDG Base Directory Specification.
        let base = variable("XDG_DATA_HOME") ?? variable("HOME").map { "\($0)/.local/share" }
        return (base ?? "/tmp/gocker-\(effectiveUserID)") + "/gocker"
    }

    var run: String { "\(runBase)/\(project)" }
    var data: String { "\(dataBase)/\(project)" }

    /// Locked by the supervisor as long as it lives. Beside the directory, not in it: a lock on a file that is removed
    /// and made again protects nothing.
    var lock: String { "\(runBase)/\(project).lock" }
    var socket: String { run + "/control" }
    /// What is known of the stack. On disk: what has been done once and for all is known after a reboot.
    var journal: String { data + "/journal" }
    /// What a supervisor in the background has to say about itself.
    var supervisorLog: String { data + "/supervisor.log" }
    /// Where the logs of its instances are.
    public var logs: String { data + "/logs" }

    func output(of instance: InstanceName, _ stream: LogStream) -> String { "\(run)/\(instance).\(stream.rawValue)" }
    func layer(of instance: InstanceName) -> String { "\(data)/layers/\(instance)" }

    /// What is made for one run of an instance to see in the place of files of its own.
    func files(of instance: String) -> String { "\(run)/\(instance).files" }

    /// The stacks there are, running or not.
    public static var projects: [ProjectName] {
        let (runBase, dataBase) = (RunDirectory.standard, standardDataBase { environmentVariable($0) })
        let names = [runBase, dataBase].flatMap { (try? directoryEntries($0)) ?? [] }.compactMap { ProjectName($0) }
        return Set(names).filter { StackDirectory($0, runBase: runBase, dataBase: dataBase).exists }
            .sorted { $0.text < $1.text }
    }

    /// Whether there is anything of the stack.
    var exists: Bool { [run, journal].contains { (try? FileStatus.of($0)) != nil } }

    /// Removes what an instance that is no more has left.
    func removeFiles(of instance: InstanceName) {
        for stream in [LogStream.standardOutput, .standardError] { try? removeFile(output(of: instance, stream)) }
        LogFileName.removeAll(in: logs, of: "\(instance)")
        SharedMemoryDirectory(self).remove(of: "\(instance)")
        try? ContainerFiles.removeTree(layer(of: instance))
    }

    /// Makes the directories, for their owner only.
    func create() throws(SystemError) {
        for directory in [runBase, run, dataBase, data, logs] { try makeDirectories(directory, mode: 0o700) }
    }

    /// Removes everything of the stack, and the bases where nothing else is in them.
    func remove() throws(SystemError) {
        SharedMemoryDirectory(self).remove()
        MemoryVolumes(self).remove()
        try removeTree(run)
        try ContainerFiles.removeTree(data)
        try? removeFile(lock)
        // The compiled filters go with the last stack: whoever needs one again makes one.
        if (try? directoryEntries(runBase)) == [SeccompCache.name] { SeccompCache(runBase: runBase).remove() }
        try? removeDirectory("\(dataBase)/\(VolumeStore.directory)")
        try? removeDirectory(runBase)
        try? removeDirectory(dataBase)
    }
}
