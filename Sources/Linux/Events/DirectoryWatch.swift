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

    /// What has changed since it was asked last.
    public struct Changes: Sendable {
        /// The names of the files.
        public var names: Set<String> = []
        /// Whether there was more than the kernel keeps: then anything may have changed.
        public var isIncomplete = false
    }

    /// Takes what has been reported, and tells it.
    public func changes() throws(SystemError) -> Changes {
        var changes = Changes()
        while case .bytes(let bytes) = try descriptor.read(upTo: 65536) {
            bytes.withUnsafeBytes { bytes in
                let size = MemoryLayout<inotify_event>.size
                var offset = 0
                while offset + size <= bytes.count {
                    let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    let end = min(offset + size + Int(event.len), bytes.count)
                    let name = bytes[(offset + size)..<end].prefix { $0 != 0 }
                    if !name.isEmpty { changes.names.insert(String(decoding: name, as: UTF8.self)) }
                    if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { changes.isIncomplete = true }
                    offset = end
                }
            }
        }
        return changes
    }
}
