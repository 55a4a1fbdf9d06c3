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
}

/// How mount events pass between mounts. See mount_namespaces(7).
public enum Propagation: Hashable, Sendable {
    case `private`
    case slave
}

/// Mounts a new file system of type `type` on `target`. See mount(2).
public func mount(
    _ type: String, source: String? = nil, on target: String, flags: MountFlags = [], options: String = ""
) throws(SystemError) {
    try system("mount \(type) on", target) {
        CLinux.mount(source ?? type, target, type, flags.rawValue, options)
    }
}

/// Sets the propagation of the mount at `target` and of all below it.
public func setPropagation(_ propagation: Propagation, ofTree target: String) throws(SystemError) {
    let type = propagation == .private ? MS_PRIVATE : MS_SLAVE
    try system("make the mounts private below", target) {
        CLinux.mount(nil, target, nil, UInt(type | MS_REC), nil)
    }
}

/// Moves the mount at `source` to `target`. See mount(2), MS_MOVE.
public func moveMount(_ source: String, to target: String) throws(SystemError) {
    try system("move the mount to", target) { CLinux.mount(source, target, nil, UInt(MS_MOVE), nil) }
}

/// Makes `newRoot` the root of the mount namespace and puts the old one at `oldRoot`. See pivot_root(2).
public func pivotRoot(to newRoot: String, oldRoot: String) throws(SystemError) {
    try system("pivot_root", newRoot) { clinux_pivot_root(newRoot, oldRoot) }
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
