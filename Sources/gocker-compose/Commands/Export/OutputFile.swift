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
            let file = try temporary(in: directory(of: path), mode: mode)
            try write(file)
            try file.takeName(path)
        } catch let error as SystemError {
            throw Failure("cannot write \(path): \(error.errno)")
        }
    }

    /// An empty file without a name, gone with its last descriptor. See open(2), O_TMPFILE.
    static func temporary(in directory: String, mode: UInt32 = 0o600) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(directory, [.readWrite, .temporary], mode: mode)
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
