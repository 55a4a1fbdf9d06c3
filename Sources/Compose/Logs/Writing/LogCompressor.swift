internal import Linux
internal import Runtime

/// Compresses log files that were set aside, in a process of its own: it may take as long as it likes. There is one at a
/// time for the whole stack.
final class LogCompressor {
    private let directory: String
    private var child: ProcessHandle?
    /// The instances that something was set aside of since the child was started.
    private var waiting: Set<String> = []

    init(_ directory: String) {
        self.directory = directory
    }

    /// Sees to it that what is set aside of an instance is compressed soon.
    func compress(_ instance: String) {
        waiting.insert(instance)
        reap()
        if child == nil { start() }
    }

    /// Takes note of a child that has ended: to be called when one has.
    func reap() {
        let hasEnded: Bool
        switch child {
        case .some(let child): hasEnded = (try? child.poll()) != nil
        case nil: return
        }
        guard hasEnded else { return }
        child = nil
        if !waiting.isEmpty { start() }
    }

    private func start() {
        do {
            child = try CompressionProcess.start(directory, instances: waiting.sorted())
            waiting = []
        } catch {
            // The next one does its work.
        }
    }
}

/// The process that compresses: this very binary, executed under another name.
public enum CompressionProcess {
    private static let name = "gocker-log-compressor"
    private static let niceness: Int32 = 19

    static func start(_ directory: String, instances: [String]) throws(SystemError) -> ProcessHandle {
        let nothing = try FileDescriptor.open("/dev/null", .readWrite)
        return try spawn(
            executable: try OwnExecutable.open(), arguments: [name, directory] + instances,
            descriptors: [nothing.number, nothing.number, nothing.number])
    }

    /// Compresses where the process was executed for that; otherwise returns at once.
    public static func runIfRequested() {
        guard CommandLine.argc > 2, CommandLine.arguments[0] == name else { return }
        try? setScheduling(Scheduling(policy: 0, nice: niceness))
        compressAll(in: CommandLine.arguments[1], of: Set(CommandLine.arguments[2...]))
        exitImmediately(0)
    }

    /// Compresses what is set aside of `instances`, until nothing is left to be.
    static func compressAll(in directory: String, of instances: Set<String>) {
        var failed: Set<LogFileName> = []
        while let names = try? LogFileName.setAside(in: directory),
            // The newest first: the others are the next to be removed.
            let name = names.last(where: {
                !$0.isCompressed && instances.contains($0.instance) && !failed.contains($0)
            })
        {
            do {
                try compress(name, in: directory)
            } catch {
                failed.insert(name)
            }
        }
    }

    private static func compress(_ name: LogFileName, in directory: String) throws(SystemError) {
        let source = try FileDescriptor.open("\(directory)/\(name.text)", .noFollow)
        let packed = LogFileName(name.instance, name.kind, generation: name.generation, isCompressed: true)
        let temporary = "\(directory)/\(packed.text).new"
        do {
            let target = try FileDescriptor.open(temporary, [.write, .create, .truncate, .noFollow], mode: 0o600)
            try Compression.pack(source, to: target)
            // Readers skip by this what is older than they were asked for.
            try target.setModificationTime(try source.status().modified)
            // It may have been removed meanwhile, for being the oldest one.
            guard (try? FileStatus.ofLink("\(directory)/\(name.text)")) != nil else {
                return try removeFile(temporary)
            }
            try renameFile(temporary, to: "\(directory)/\(packed.text)")
        } catch {
            try? removeFile(temporary)
            throw error
        }
        try removeFile("\(directory)/\(name.text)")
    }
}
