internal import Linux
internal import Runtime

/// What a volume, or a directory that is one, begins with.
struct VolumeCopy: Hashable, Sendable {
    enum Destination: Hashable, Sendable {
        /// A volume's name.
        case volume(String)
        /// A path on the host.
        case directory(String)
    }

    let destination: Destination
    /// A root file system, and the directory in it that is copied.
    let root: String
    let path: String
}

/// A process that lets volumes begin with what they are to: a copy may take minutes, and nobody else waits for it. It is
/// this very binary, executed under another name, and ends with its supervisor; the next one begins again.
final class VolumeFiller {
    let process: ProcessHandle
    private let report: FileDescriptor

    init(_ copies: [VolumeCopy], in directory: StackDirectory) throws(SystemError) {
        let nothing = try FileDescriptor.open("/dev/null", .readWrite)
        let pipe = try Pipe()
        try pipe.reader.setNonBlocking(true)
        process = try spawn(
            executable: try OwnExecutable.open(), arguments: FillingProcess.arguments(copies, in: directory),
            descriptors: [nothing.number, pipe.writer.number, nothing.number])
        report = pipe.keepingReader()
    }

    enum Outcome: Hashable {
        case done
        /// Why it was not.
        case failed(String)
    }

    /// Nil while it runs.
    func poll() -> Outcome? {
        guard let status = (try? process.poll()) ?? nil else { return nil }
        if status == .exited(0) { return .done }
        guard case .bytes(let bytes)? = try? report.read(upTo: 4096) else {
            return .failed("the copy into its volumes \(status)")
        }
        return .failed(String(decoding: bytes, as: UTF8.self))
    }

    func kill() { try? process.send(.kill) }

    deinit {
        // Whoever gives it up has no use for it any more.
        try? process.send(.kill)
        _ = try? process.wait()
    }
}

/// The process that copies.
public enum FillingProcess {
    private static let name = "gocker-volume-filler"

    fileprivate static func arguments(_ copies: [VolumeCopy], in directory: StackDirectory) -> [String] {
        [name, "\(ownProcessID)", directory.project.text, directory.runBase, directory.dataBase]
            + copies.flatMap { copy in
                switch copy.destination {
                case .volume(let name): ["volume", name, copy.root, copy.path]
                case .directory(let path): ["directory", path, copy.root, copy.path]
                }
            }
    }

    /// Copies where the process was executed for that; otherwise returns at once.
    public static func runIfRequested() {
        guard CommandLine.arguments.first == name, CommandLine.arguments.count >= 5,
            let project = ProjectName(CommandLine.arguments[2])
        else { return }
        let directory = StackDirectory(
            project, runBase: CommandLine.arguments[3], dataBase: CommandLine.arguments[4])
        do {
            try setParentDeathSignal(.kill)
            // It may have ended before that was said.
            guard parentProcessID == Int32(CommandLine.arguments[1]) else { exitImmediately(1) }
            setFileModeMask(0o022)
            var rest = CommandLine.arguments[5...]
            while rest.count >= 4 {
                let words = Array(rest.prefix(4))
                rest = rest.dropFirst(4)
                if words[0] == "volume" {
                    try VolumeStore(directory).fill(words[1], from: words[2], words[3])
                } else {
                    try VolumeStore.fill(directory: words[1], from: words[2], words[3])
                }
            }
            exitImmediately(0)
        } catch {
            try? FileDescriptor.duplicate(1).writeAll("\(error)".utf8)
            exitImmediately(1)
        }
    }
}
