internal import CLinux

/// The type of a mounted file system, by its magic number. See statfs(2).
public struct FileSystemKind: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    public static let cgroup1 = FileSystemKind(rawValue: Int(CGROUP_SUPER_MAGIC))
    public static let cgroup2 = FileSystemKind(rawValue: Int(CGROUP2_SUPER_MAGIC))
    public static let proc = FileSystemKind(rawValue: Int(PROC_SUPER_MAGIC))
    public static let sysfs = FileSystemKind(rawValue: Int(SYSFS_MAGIC))
    public static let tmpfs = FileSystemKind(rawValue: Int(TMPFS_MAGIC))
    public static let ramfs = FileSystemKind(rawValue: Int(RAMFS_MAGIC))
    public static let overlay = FileSystemKind(rawValue: Int(OVERLAYFS_SUPER_MAGIC))

    /// The kind of file system that an open file is on.
    public static func of(_ file: borrowing FileDescriptor) throws(SystemError) -> FileSystemKind {
        let number = file.number
        var status = statfs()
        try system("statfs", "descriptor \(number)") { fstatfs(number, &status) }
        return FileSystemKind(rawValue: Int(status.f_type))
    }

    /// The kind of file system that `path` is on.
    public static func of(_ path: String) throws(SystemError) -> FileSystemKind {
        var status = statfs()
        try system("statfs", path) { statfs(path, &status) }
        return FileSystemKind(rawValue: Int(status.f_type))
    }
}
