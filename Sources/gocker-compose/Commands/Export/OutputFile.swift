internal import Linux

/// A file that is there whole or not at all, whenever this program is killed.
enum OutputFile {
    /// - Parameter write: writes what is in it.
    static func write(
        _ path: String, mode: UInt32 = 0o644, _ write: (borrowing FileDescriptor) throws -> Void
    ) throws {
        do {
            // A device or a pipe is written to, and not replaced.
            if let kind = try? FileStatus.of(path).kind, kind != .regular {
                return try write(try FileDescriptor.open(path, .write))
            }
            guard let file = try nameless(in: directory(of: path), mode: mode) else {
                return try writeBeside(path, mode, write)
            }
            try write(file)
            try file.takeName(path)
        } catch let error as SystemError {
            throw Failure("cannot write \(path): \(error.errno)")
        }
    }

    /// An empty file that is gone with its last descriptor.
    static func temporary(in directory: String) throws -> FileDescriptor {
        do {
            if let file = try nameless(in: directory, mode: 0o600) { return file }
            let path = "\(directory)/.gocker-compose.\(ownProcessID)"
            let file = try FileDescriptor.open(path, [.readWrite, .create, .exclusive], mode: 0o600)
            try removeFile(path)
            return file
        } catch {
            throw Failure("cannot write to \(directory): \(error.errno)")
        }
    }

    /// Nil where the file system knows no files without names, as overlays before Linux 6.3. See open(2), O_TMPFILE.
    private static func nameless(in directory: String, mode: UInt32) throws(SystemError) -> FileDescriptor? {
        do {
            return try FileDescriptor.open(directory, [.readWrite, .temporary], mode: mode)
        } catch  where error.errno == .notSupported || error.errno == .isDirectory {
            return nil
        }
    }

    private static func writeBeside(
        _ path: String, _ mode: UInt32, _ write: (borrowing FileDescriptor) throws -> Void
    ) throws {
        let beside = path + ".new"
        // One that was left behind may have another mode.
        try? removeFile(beside)
        do {
            try write(try FileDescriptor.open(beside, [.write, .create, .exclusive, .noFollow], mode: mode))
            try renameFile(beside, to: path)
        } catch {
            try? removeFile(beside)
            throw error
        }
    }

    static func makeParent(of path: String) throws {
        do {
            try makeDirectories(directory(of: path), mode: 0o755)
        } catch {
            throw Failure("cannot make \(directory(of: path)): \(error.errno)")
        }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
