internal import CLinux

/// Becomes readable when something in a directory changes. See inotify(7).
public struct DirectoryWatch: ~Copyable {
    public let descriptor: FileDescriptor

    /// Watches the directory, or the one file, `path` for files that are written, made, renamed or removed, and for its own removal.
    public init(_ path: String) throws(SystemError) {
        let descriptor = FileDescriptor(
            owning: try system("inotify_init") { inotify_init1(CInt(IN_CLOEXEC) | CInt(IN_NONBLOCK)) })
        let events = UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF)
        try system("inotify_add_watch", path) { inotify_add_watch(descriptor.number, path, events) }
        self.descriptor = descriptor
    }

    /// Gives up all but the descriptor, for one who reads it without asking what kind it is.
    public consuming func keepingDescriptor() -> FileDescriptor { descriptor }

    /// Takes what has been reported, so that the descriptor is quiet until something new happens.
    public func drain() throws(SystemError) {
        while case .bytes = try descriptor.read(upTo: 4096) {}
    }
}
