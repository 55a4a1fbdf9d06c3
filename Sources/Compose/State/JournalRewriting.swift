internal import Linux
internal import Runtime

/// A journal that is written anew beside the one that counts, until it is on the disk. A process of its own sees to that:
/// on a busy disk it takes seconds, in which services die, print and ask.
final class JournalRewriting {
    /// Starts a process that ends with 0 once a file is on the disk.
    typealias Synchronizer = (borrowing FileDescriptor) throws(SystemError) -> ProcessHandle

    /// How long it was when it had been written.
    let compactLength: Int64
    private(set) var length: Int64
    private let path: String
    private let file: FileDescriptor
    private let child: ProcessHandle

    init(_ bytes: [UInt8], at path: String, _ synchronize: Synchronizer) throws(SystemError) {
        self.path = path
        do throws(SystemError) {
            file = try FileDescriptor.open(path, [.write, .create, .truncate, .noFollow])
            try file.writeAll(bytes)
            child = try synchronize(file)
        } catch {
            try? removeFile(path)
            throw error
        }
        compactLength = Int64(bytes.count)
        length = compactLength
    }

    /// Adds what is added to the old one meanwhile. Like there it is not waited for.
    func append(_ bytes: [UInt8]) throws(SystemError) {
        try file.writeAll(bytes, at: length)
        length += Int64(bytes.count)
    }

    /// Whether what was there at the begin is on the disk; nil while nobody knows. To be asked when a child has ended.
    var isOnDisk: Bool? { (try? child.poll()).flatMap { $0 }.map { $0 == .exited(0) } }

    /// Puts it in the place of the old one.
    func replace(_ old: String) throws(SystemError) -> FileDescriptor {
        let file = try file.duplicate()
        try renameFile(path, to: old)
        return file
    }

    func abandon() { try? removeFile(path) }
}

/// The process that waits for the disk: this very binary, executed under another name.
public enum SynchronizingProcess {
    private static let name = "gocker-journal-sync"

    static func start(_ file: borrowing FileDescriptor) throws(SystemError) -> ProcessHandle {
        try spawn(
            executable: try OwnExecutable.open(), arguments: [name],
            descriptors: [file.number, file.number, file.number])
    }

    /// Waits for the file where the process was executed for that; otherwise returns at once.
    public static func runIfRequested() {
        guard CommandLine.arguments.first == name else { return }
        exitImmediately((try? FileDescriptor.duplicate(0).synchronize()) == nil ? 1 : 0)
    }
}
