internal import CLinux

/// One name in a directory.
public struct DirectoryEntry: Hashable, Sendable {
    public let name: PathBytes
    public let isDirectory: Bool
}

extension FileDescriptor {
    /// Visits every entry below this directory, each after what is in it, with the directory it is in.
    ///
    /// One descriptor is enough for any depth, and so deep a tree cannot exhaust them: the way back up is `..`, checked
    /// to be the directory that the way down began at. Links are visited, never followed. `visit` may remove its entry.
    public func visitTree(
        _ visit: (borrowing FileDescriptor, DirectoryEntry) throws(SystemError) -> Void
    ) throws(SystemError) {
        var directory = try open(".", .directory)
        var level = try Level(of: directory, entry: nil)
        var above: [Level] = []
        do throws(SystemError) {
            while true {
                if let entry = level.remaining.popLast() {
                    guard entry.isDirectory else {
                        try visit(directory, entry)
                        continue
                    }
                    directory = try directory.open(entry.name, .directory)
                    above.append(level)
                    level = try Level(of: directory, entry: entry)
                } else {
                    guard let entry = level.entry, let next = above.popLast() else { return }
                    directory = try directory.open("..", .directory)
                    level = next
                    guard try level.isOf(directory) else { throw SystemError("walk", "\(entry.name)", .stale) }
                    try visit(directory, entry)
                }
            }
        } catch {
            let path = (above + [level]).compactMap(\.entry?.name).reduce(PathBytes("")) { $0.appending($1) }
            throw SystemError(error.call, "\(path.appending(PathBytes(error.subject)))", error.errno)
        }
    }

    /// Removes everything in this directory, whatever its names are and however deep it is.
    public func removeAllEntries() throws(SystemError) {
        try visitTree { directory, entry throws(SystemError) in
            if entry.isDirectory {
                try directory.removeDirectory(entry.name)
            } else {
                try directory.removeFile(entry.name)
            }
        }
    }

    /// What is in this directory, in no particular order.
    public func directoryEntries() throws(SystemError) -> [DirectoryEntry] {
        // A descriptor of its own: reading moves the offset, and the stream closes what it reads.
        let copy = try open(".", .directory).release()
        guard let stream = fdopendir(copy) else {
            _ = close(copy)
            throw SystemError("opendir", "", .outOfMemory)
        }
        defer { closedir(stream) }
        var entries: [DirectoryEntry] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { PathBytes($0) }
            guard name.bytes != [0x2E], name.bytes != [0x2E, 0x2E] else { continue }
            let type = Int(entry.pointee.d_type)
            // Some file systems leave it to the inode to say what it is.
            let isDirectory = type == DT_UNKNOWN ? try status(of: name).kind == .directory : type == DT_DIR
            entries.append(DirectoryEntry(name: name, isDirectory: isDirectory))
        }
        return entries
    }
}

/// A directory on the way down.
private struct Level {
    /// Its name in the directory above; nil for the first.
    let entry: DirectoryEntry?
    let device: UInt64
    let inode: UInt64
    var remaining: [DirectoryEntry]

    init(of directory: borrowing FileDescriptor, entry: DirectoryEntry?) throws(SystemError) {
        let status = try directory.status()
        self.entry = entry
        device = status.device
        inode = status.inode
        remaining = try directory.directoryEntries()
    }

    func isOf(_ directory: borrowing FileDescriptor) throws(SystemError) -> Bool {
        let status = try directory.status()
        return status.device == device && status.inode == inode
    }
}

extension Errno {
    /// The file is not where it was any more.
    fileprivate static let stale = Errno(rawValue: ESTALE)
}
