internal import Linux
internal import Runtime

/// Files that are made for one container and that it sees in the place of its own: in the run directory, which is memory.
struct InstanceFiles {
    /// One file.
    struct File {
        /// An absolute path in the container.
        var target: String
        var content: [UInt8]
        var mode: UInt32 = 0o444
        var owner: UInt32 = 0
        var group: UInt32 = 0
    }

    private let path: String

    /// - Parameter path: a directory for them alone.
    init(_ path: String) {
        self.path = path
    }

    /// Makes them anew: what an earlier container sees stays as it was.
    ///
    /// - Returns: how they get into the container.
    func write(_ files: [File]) throws(SystemError) -> [MountSpec] {
        remove()
        guard !files.isEmpty else { return [] }
        // Whoever is in the container comes in through a mount of a file, never through the directory.
        try makeDirectories(path, mode: 0o700)
        var mounts: [MountSpec] = []
        for (index, file) in files.enumerated() {
            let source = "\(path)/\(index)"
            let descriptor = try FileDescriptor.open(source, [.write, .create, .exclusive, .noFollow], mode: 0o600)
            try descriptor.writeAll(file.content)
            if file.owner != 0 || file.group != 0 { try descriptor.setOwner(file.owner, group: file.group) }
            try descriptor.setMode(file.mode)
            mounts.append(
                MountSpec(
                    .bind(source, recursive: false), at: file.target,
                    flags: [.readOnly, .noSetUserID, .noDevices, .noExecution]))
        }
        return mounts
    }

    func remove() { try? removeTree(path) }
}
