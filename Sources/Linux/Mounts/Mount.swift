internal import CLinux

/// Flags of a mount. See mount(2).
public struct MountFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    private init(_ flag: Int) {
        self.init(rawValue: UInt(flag))
    }

    public static let readOnly = MountFlags(MS_RDONLY)
    public static let noSetUserID = MountFlags(MS_NOSUID)
    public static let noDevices = MountFlags(MS_NODEV)
    public static let noExecution = MountFlags(MS_NOEXEC)
    public static let strictAccessTime = MountFlags(MS_STRICTATIME)
    public static let relativeAccessTime = MountFlags(MS_RELATIME)
    public static let noAccessTime = MountFlags(MS_NOATIME)
    public static let noDirectoryAccessTime = MountFlags(MS_NODIRATIME)
    public static let noSymbolicLinks = MountFlags(1 << 8)  // MS_NOSYMFOLLOW
    // Of the file system rather than of the mount:
    public static let synchronous = MountFlags(MS_SYNCHRONOUS)
    public static let synchronousDirectories = MountFlags(MS_DIRSYNC)
    public static let lazyTime = MountFlags(1 << 25)  // MS_LAZYTIME
}

/// How mount events pass between mounts. See mount_namespaces(7).
public enum Propagation: UInt8, Hashable, Sendable {
    case `private` = 1
    case slave
    case shared
    case unbindable

    var flag: Int {
        switch self {
        case .private: MS_PRIVATE
        case .slave: MS_SLAVE
        case .shared: MS_SHARED
        case .unbindable: MS_UNBINDABLE
        }
    }
}

/// Mounts a new file system of type `type` on `target`. See mount(2).
public func mount(
    _ type: String, source: String? = nil, on target: String, flags: MountFlags = [], options: String = ""
) throws(SystemError) {
    try system("mount \(type) on", target) {
        CLinux.mount(source ?? type, target, type, flags.rawValue, options)
    }
}

/// Sets the propagation of the mount at `target`, with all below it where `recursive`.
public func setPropagation(_ propagation: Propagation, of target: String, recursive: Bool) throws(SystemError) {
    let flags = propagation.flag | (recursive ? MS_REC : 0)
    try system("set the propagation of", target) { CLinux.mount(nil, target, nil, UInt(flags), nil) }
}

/// Moves the mount at `source` to `target`. See mount(2), MS_MOVE.
public func moveMount(_ source: String, to target: String) throws(SystemError) {
    try system("move the mount to", target) { CLinux.mount(source, target, nil, UInt(MS_MOVE), nil) }
}

/// Makes `newRoot` the root of the mount namespace and puts the old one at `oldRoot`. See pivot_root(2).
public func pivotRoot(to newRoot: String, oldRoot: String) throws(SystemError) {
    try system("pivot_root", newRoot) { clinux_pivot_root(newRoot, oldRoot) }
}

/// Unmounts what is at `target`. See umount2(2).
///
/// - Throws: `SystemError`, `.busy` while somebody uses it.
public func unmount(_ target: String) throws(SystemError) {
    try system("umount", target) { umount2(target, CInt(UMOUNT_NOFOLLOW)) }
}

/// Takes the mount at `target` and all below it out of the namespace, at once for new users and finally when nobody
/// uses it any more. See umount2(2), MNT_DETACH.
public func detachMount(_ target: String) throws(SystemError) {
    try system("umount", target) { umount2(target, CInt(MNT_DETACH) | CInt(UMOUNT_NOFOLLOW)) }
}

/// Makes `path` the root directory of the calling process. See chroot(2).
public func changeRoot(to path: String) throws(SystemError) {
    try system("chroot", path) { chroot(path) }
}
