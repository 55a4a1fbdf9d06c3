internal import Linux

extension RootFilesystem {
    /// Makes a usable root file system from this machine's static busybox: nothing has to be downloaded.
    ///
    /// Two made of the same busybox are alike to the byte and the second.
    ///
    /// - Parameters:
    ///   - directory: does not exist, or is an empty directory.
    ///   - busybox: the program to take, in place of the machine's.
    public static func create(at directory: String, busybox: String? = nil) throws(RootFilesystemError) {
        do throws(RootFilesystemError.Reason) {
            let busybox = try Busybox.find(busybox)
            try StagedDirectory.make(directory) { root throws(RootFilesystemError.Reason) in
                try kernel(try fill(root, with: busybox))
            }
        } catch {
            throw RootFilesystemError(operation: "create a root file system", reason: error)
        }
    }

    private static func fill(_ root: borrowing FileDescriptor, with busybox: Busybox) throws(SystemError) {
        let owner = effectiveUserID == 0 ? FileMetadata.Owner.root : nil
        var made: [(path: String, metadata: FileMetadata, isLink: Bool)] = []
        func record(_ path: String, mode: UInt32, isLink: Bool = false) {
            made.append((path, FileMetadata(owner: owner, mode: mode, modified: .epoch), isLink))
        }

        for (path, mode) in Skeleton.directories {
            try root.makeDirectory(path, mode: 0o700)
            record(path, mode: mode)
        }
        for (path, lines) in Skeleton.files {
            let content = lines.map { $0 + "\n" }.joined()
            try root.open(path, [.write, .create, .exclusive]).writeAll(content.utf8)
            record(path, mode: 0o644)
        }
        try root.open("bin/busybox", [.write, .create, .exclusive]).writeAll(busybox.program)
        record("bin/busybox", mode: 0o755)
        for (path, target) in Skeleton.links + busybox.links {
            try root.makeSymbolicLink(path, to: target)
            record(path, mode: 0o777, isLink: true)
        }

        // Last, and by name: the caller's umask and every file made in a directory have changed something before.
        record(".", mode: 0o755)
        for (path, metadata, isLink) in made {
            try metadata.apply(to: PathBytes(path), in: root, isLink: isLink)
        }
    }
}
