internal import CLinux

/// A time as an inode has it.
public struct FileTime: Hashable, Sendable {
    public let seconds: Int64
    public let nanoseconds: Int64

    public init(seconds: Int64, nanoseconds: Int64 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// As nanoseconds since 1970.
    public var wallTime: WallTime {
        WallTime(nanosecondsSinceEpoch: seconds &* 1_000_000_000 &+ nanoseconds)
    }

    /// The first second of 1970.
    public static let epoch = FileTime(seconds: 0)
}

extension WallTime {
    public init(_ time: FileTime) {
        self.init(nanosecondsSinceEpoch: time.seconds &* 1_000_000_000 &+ time.nanoseconds)
    }
}

/// What the inode of a name in this directory says. `.` is this directory itself.
extension FileDescriptor {
    /// Changes owner and group, of a link itself where the name is one. This clears set-user-id and capabilities.
    /// The corresponding C function is `fchownat`.
    public func setOwner(of name: PathBytes, _ owner: UInt32, group: UInt32) throws(SystemError) {
        try system("chown", "\(name)") {
            name.withCString { fchownat(number, $0, owner, group, AT_SYMLINK_NOFOLLOW) }
        }
    }

    /// Changes the permission bits, with set-user-id, set-group-id and sticky. A link has none, and this would follow
    /// it: the caller knows what the name is. The corresponding C function is `fchmodat`.
    public func setMode(of name: PathBytes, _ mode: UInt32) throws(SystemError) {
        try system("chmod", "\(name)") { name.withCString { fchmodat(number, $0, mode, 0) } }
    }

    /// The same where somebody may put a link in the place of the name at any moment: nothing is followed, and a link is
    /// left as it is. The corresponding C function is `chmod`, through `/proc`, since `fchmodat2` comes with Linux 6.6.
    public func setModeWithoutFollowing(of name: PathBytes, _ mode: UInt32) throws(SystemError) {
        let file = try open(name, .path)
        guard try file.status().kind != .symbolicLink else { return }
        try system("chmod", "\(name)") { chmod("/proc/self/fd/\(file.number)", mode) }
    }

    /// Changes the modification time of the open file. The corresponding C function is `futimens`.
    public func setModificationTime(_ time: FileTime) throws(SystemError) {
        let unchanged = timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)  // UTIME_OMIT
        let times = [unchanged, timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))]
        try system("futimens", "descriptor \(number)") { futimens(number, times) }
    }

    /// Changes the modification time, of a link itself where the name is one. The corresponding C function is `utimensat`.
    public func setModificationTime(of name: PathBytes, _ time: FileTime) throws(SystemError) {
        let unchanged = timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)  // UTIME_OMIT
        let times = [unchanged, timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))]
        try system("utimensat", "\(name)") {
            name.withCString { utimensat(number, $0, times, AT_SYMLINK_NOFOLLOW) }
        }
    }

    /// Sets an extended attribute, of a link itself where the name is one. The corresponding C function is `lsetxattr`,
    /// through `/proc`, since there is no `setxattrat` before Linux 6.13.
    public func setExtendedAttribute(
        of name: PathBytes, _ attribute: PathBytes, _ value: [UInt8]
    ) throws(SystemError) {
        let path = PathBytes("/proc/self/fd/\(number)").appending(name)
        try system("set \(attribute) of", "\(name)") {
            path.withCString { path in attribute.withCString { lsetxattr(path, $0, value, value.count, 0) } }
        }
    }

    /// Removes an extended attribute of this file. None to remove is not an error. The corresponding C function is
    /// `fremovexattr`.
    public func removeExtendedAttribute(_ attribute: String) throws(SystemError) {
        switch attempt({ fremovexattr(number, attribute) }) {
        case .success, .failure(Errno(rawValue: ENODATA)), .failure(.notSupported): return
        case .failure(let errno): throw SystemError("remove \(attribute) of", "descriptor \(number)", errno)
        }
    }

    /// The names of the extended attributes of a name in this directory. The corresponding C function is `llistxattr`.
    public func extendedAttributeNames(of name: PathBytes) throws(SystemError) -> [PathBytes] {
        let path = PathBytes("/proc/self/fd/\(number)").appending(name)
        var list = [CChar](repeating: 0, count: 65536)  // XATTR_LIST_MAX
        switch attempt({ path.withCString { llistxattr($0, &list, list.count) } }) {
        case .success(let count):
            let bytes = list[..<count].map { UInt8(bitPattern: $0) }
            return bytes.split(separator: 0).map { PathBytes(Array($0)) }
        case .failure(.notSupported): return []
        case .failure(let errno): throw SystemError("list attributes of", "\(name)", errno)
        }
    }

    /// The value of an extended attribute of a name in this directory; nil where it has none of that name. The
    /// corresponding C function is `lgetxattr`.
    public func extendedAttribute(of name: PathBytes, _ attribute: PathBytes) throws(SystemError) -> [UInt8]? {
        let path = PathBytes("/proc/self/fd/\(number)").appending(name)
        var value = [UInt8](repeating: 0, count: 65536)  // XATTR_SIZE_MAX
        let result = attempt {
            path.withCString { path in attribute.withCString { lgetxattr(path, $0, &value, value.count) } }
        }
        switch result {
        case .success(let count): return Array(value[..<count])
        case .failure(Errno(rawValue: ENODATA)): return nil
        case .failure(let errno): throw SystemError("get \(attribute) of", "\(name)", errno)
        }
    }
}
