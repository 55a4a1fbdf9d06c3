internal import Linux

/// Where the shared memory is of services that others may share it with: in the machine's, because a mount of one
/// container cannot be brought into another one. It is charged to whoever uses it, and nobody else may enter.
struct SharedMemoryDirectory {
    private let base: String

    init(_ directory: StackDirectory) {
        // Of two stacks of one name in two run directories each has its own.
        base = "/dev/shm/gocker-\(SHA256.hexadecimal(Array(directory.run.utf8)).prefix(16))"
    }

    func path(of instance: String) -> String { "\(base)/\(instance)" }

    /// Makes an empty one.
    func make(for instance: String) throws(SystemError) -> String {
        do {
            try makeDirectory(base, mode: 0o700)
        } catch  where error.errno == .fileExists {
            // Anybody may make things there.
            let status = try FileStatus.ofLink(base)
            guard status.kind == .directory, status.owner == effectiveUserID, status.mode & 0o077 == 0 else {
                throw SystemError("use", "\(base), which is somebody else's", .operationNotPermitted)
            }
        }
        let path = path(of: instance)
        try removeTree(path)
        try makeDirectory(path, mode: 0o700)
        try FileDescriptor.open(path, .directory).setMode(0o1777)
        return path
    }

    func remove(of instance: String) {
        guard (try? FileStatus.ofLink(base))?.owner == effectiveUserID else { return }
        try? removeTree(path(of: instance))
        try? removeDirectory(base)
    }

    func remove() {
        guard (try? FileStatus.ofLink(base))?.owner == effectiveUserID else { return }
        try? removeTree(base)
    }
}
