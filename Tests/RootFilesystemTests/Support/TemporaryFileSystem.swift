import CLinux
import Linux

/// A small file system in memory, mounted in no place: it goes with its descriptor, and nobody else sees it.
func temporaryFileSystem(size: String) throws -> FileDescriptor {
    let context = fsopen("tmpfs", UInt32(FSOPEN_CLOEXEC))
    defer { close(context) }
    guard fsconfig(context, UInt32(FSCONFIG_SET_STRING.rawValue), "size", size, 0) == 0,
        fsconfig(context, UInt32(FSCONFIG_CMD_CREATE.rawValue), nil, nil, 0) == 0
    else { throw SystemError("fsconfig", "tmpfs", .invalidArgument) }
    let mount = fsmount(context, UInt32(FSMOUNT_CLOEXEC), 0)
    guard mount >= 0 else { throw SystemError("fsmount", "tmpfs", .invalidArgument) }
    return FileDescriptor(owning: mount)
}
