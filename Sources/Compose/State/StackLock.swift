internal import Linux

/// The right to supervise a stack, held by one process at a time and given up by the kernel when that process ends.
public struct StackLock: ~Copyable {
    private let file: FileDescriptor

    var number: CInt { file.number }

    private init(_ file: consuming FileDescriptor) {
        self.file = file
    }

    /// The lock of the program that this process was before it executed another one.
    init(inherited file: consuming FileDescriptor) throws(SystemError) {
        try file.setCloseOnExec()
        self.file = file
    }

    /// Whether a process has the lock.
    static func isHeld(_ directory: StackDirectory) -> Bool {
        guard let file = try? FileDescriptor.open(directory.lock, .noFollow) else { return false }
        return (try? file.tryLock()) == false
    }

    /// Takes the lock.
    ///
    /// - Returns: nil where another process has it.
    static func take(_ directory: StackDirectory) throws(SystemError) -> StackLock? {
        while true {
            let file = try FileDescriptor.open(directory.lock, [.write, .create, .noFollow], mode: 0o600)
            guard try file.tryLock() else { return nil }
            // Whoever had it may have removed the file before we got the lock on it: then it is nobody's.
            if let current = try? FileStatus.ofLink(directory.lock), try file.status().inode == current.inode {
                return StackLock(file)
            }
        }
    }
}
