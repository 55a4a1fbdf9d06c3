internal import CLinux

/// What a file is. See inode(7).
public struct FileStatus: Hashable, Sendable {
    /// The type of an inode.
    public enum Kind: Hashable, Sendable {
        case regular
        case directory
        case symbolicLink
        case fifo
        case socket
        case characterDevice(DeviceNumber)
        case blockDevice(DeviceNumber)
        case unknown
    }

    public let kind: Kind
    /// Permission bits with set-user-id, set-group-id and sticky.
    public let mode: UInt32
    public let owner: UInt32
    public let group: UInt32
    public let size: Int64
    /// Together with `inode` the identity of the file.
    public let device: UInt64
    public let inode: UInt64
    /// How many names it has.
    public let links: UInt64
    /// When the content was last changed.
    public let modified: FileTime

    /// Whether both are of one file, by whatever names.
    public func isSameFile(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

    init(_ status: stat) {
        switch CInt(status.st_mode) & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symbolicLink
        case S_IFIFO: kind = .fifo
        case S_IFSOCK: kind = .socket
        case S_IFCHR: kind = .characterDevice(DeviceNumber(status.st_rdev))
        case S_IFBLK: kind = .blockDevice(DeviceNumber(status.st_rdev))
        default: kind = .unknown
        }
        mode = status.st_mode & 0o7777
        owner = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        links = UInt64(status.st_nlink)
        modified = FileTime(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
    }
}

/// The numbers of a device. See makedev(3).
public struct DeviceNumber: Hashable, Sendable {
    public let major: UInt32
    public let minor: UInt32

    public init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    init(_ device: dev_t) {
        major = clinux_major(device)
        minor = clinux_minor(device)
    }

    var raw: dev_t { clinux_makedev(major, minor) }
}

extension FileDescriptor {
    /// The corresponding C function is `fstat`.
    public func status() throws(SystemError) -> FileStatus {
        var status = stat()
        try system("stat", "descriptor \(number)") { fstat(number, &status) }
        return FileStatus(status)
    }
}

extension FileStatus {
    /// The status of `path`, of the link itself where it is one. The corresponding C function is `lstat`.
    public static func ofLink(_ path: String) throws(SystemError) -> FileStatus {
        var status = stat()
        try system("stat", path) { lstat(path, &status) }
        return FileStatus(status)
    }

    /// The status of `path`, following links. The corresponding C function is `stat`.
    public static func of(_ path: String) throws(SystemError) -> FileStatus {
        var status = stat()
        try system("stat", path) { stat(path, &status) }
        return FileStatus(status)
    }
}
