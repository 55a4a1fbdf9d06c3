internal import CLinux

/// A mount that is in no place yet: prepared by descriptor, then attached by descriptor, so that no path can be swapped
/// in between. See open_tree(2), mount_setattr(2), move_mount(2).
public struct DetachedMount: ~Copyable {
    private let tree: FileDescriptor

    /// A copy of what is mounted at `path` (a bind mount), with everything below it where `recursive`.
    public init(copying path: String, recursive: Bool) throws(SystemError) {
        tree = try Self.openTree(AT_FDCWD, path, recursive: recursive, subject: path)
    }

    /// A copy of the open file or directory `file`, `path` being its name for people.
    public init(copying file: borrowing FileDescriptor, recursive: Bool, named path: String) throws(SystemError) {
        tree = try Self.openTree(file.number, "", recursive: recursive, subject: path)
    }

    /// A new file system of type `type`, with `options` as mount(8) takes them (`mode=755,size=64m`). See fsopen(2).
    ///
    /// - Parameter source: what the list of mounts shows as the device, and for some types is one.
    public init(
        fileSystem type: String, source: String? = nil, options: String, flags: MountFlags
    ) throws(SystemError) {
        let context = FileDescriptor(
            owning: try system("open file system", type) { fsopen(type, UInt32(FSOPEN_CLOEXEC)) })
        try system("set source of", type) {
            fsconfig(context.number, FSCONFIG_SET_STRING.rawValue, "source", source ?? type, 0)
        }
        for (flag, key) in [
            (MountFlags.synchronous, "sync"), (.synchronousDirectories, "dirsync"), (.lazyTime, "lazytime"),
        ] where flags.contains(flag) {
            try system("set \(key) of", type) { fsconfig(context.number, FSCONFIG_SET_FLAG.rawValue, key, nil, 0) }
        }
        for option in options.split(separator: ",") {
            let parts = option.split(separator: "=", maxSplits: 1)
            let key = String(parts[0])
            if parts.count == 2 {
                let value = String(parts[1])
                try system("set \(key) of", type) {
                    fsconfig(context.number, FSCONFIG_SET_STRING.rawValue, key, value, 0)
                }
            } else {
                try system("set \(key) of", type) { fsconfig(context.number, FSCONFIG_SET_FLAG.rawValue, key, nil, 0) }
            }
        }
        try system("create file system", type) { fsconfig(context.number, FSCONFIG_CMD_CREATE.rawValue, nil, nil, 0) }
        let attributes = UInt32(Self.attributes(flags))
        tree = FileDescriptor(
            owning: try system("mount", type) { fsmount(context.number, UInt32(FSMOUNT_CLOEXEC), attributes) })
    }

    private static func openTree(
        _ directory: CInt, _ path: String, recursive: Bool, subject: String
    ) throws(SystemError) -> FileDescriptor {
        var flags = UInt32(OPEN_TREE_CLONE) | UInt32(bitPattern: O_CLOEXEC) | UInt32(AT_EMPTY_PATH)
        if recursive { flags |= UInt32(AT_RECURSIVE) }
        return FileDescriptor(owning: try system("open", subject) { open_tree(directory, path, flags) })
    }

    /// Sets and clears attributes, on this mount or on all of the tree; what is not named stays as it is.
    public func setAttributes(
        _ flags: MountFlags, clearing cleared: MountFlags = [], propagation: Propagation? = .private, recursive: Bool
    ) throws(SystemError) {
        let number = tree.number
        try Self.setAttributes(flags, clearing: cleared, propagation: propagation, recursive: recursive, of: number)
    }

    static func setAttributes(
        _ flags: MountFlags, clearing cleared: MountFlags, propagation: Propagation?, recursive: Bool, of number: CInt
    ) throws(SystemError) {
        var attributes = mount_attr()
        attributes.attr_set = Self.attributes(flags)
        attributes.attr_clr = Self.attributes(cleared)
        // The access times are one field of several values: to set one is to clear the field.
        if attributes.attr_set & UInt64(MOUNT_ATTR__ATIME) != 0 || flags.contains(.relativeAccessTime) {
            attributes.attr_clr |= UInt64(MOUNT_ATTR__ATIME)
        } else if attributes.attr_clr & UInt64(MOUNT_ATTR__ATIME) != 0 {
            attributes.attr_clr |= UInt64(MOUNT_ATTR__ATIME)
        }
        attributes.propagation = UInt64(propagation?.flag ?? 0)
        let reach = CInt(AT_EMPTY_PATH) | (recursive ? CInt(AT_RECURSIVE) : 0)
        try system("mount_setattr") {
            mount_setattr(number, "", UInt32(reach), &attributes, MemoryLayout<mount_attr>.size)
        }
    }

    /// Shows the files' owners as `namespace`, an open user namespace, maps them. See mount_setattr(2),
    /// MOUNT_ATTR_IDMAP.
    public func mapIdentities(
        by namespace: borrowing FileDescriptor, recursive: Bool
    ) throws(SystemError) {
        var attributes = mount_attr()
        attributes.attr_set = UInt64(MOUNT_ATTR_IDMAP)
        attributes.userns_fd = UInt64(namespace.number)
        let reach = CInt(AT_EMPTY_PATH) | (recursive ? CInt(AT_RECURSIVE) : 0)
        try system("mount_setattr", "MOUNT_ATTR_IDMAP") {
            mount_setattr(tree.number, "", UInt32(reach), &attributes, MemoryLayout<mount_attr>.size)
        }
    }

    /// A mount that another process prepared and sent.
    public init(prepared tree: consuming FileDescriptor) {
        self.tree = tree
    }

    /// Attaches the mount on the open file or directory `target`, `path` being its name for people.
    ///
    /// - Returns: the root of the mount, now part of the namespace.
    @discardableResult
    public consuming func attach(
        on target: borrowing FileDescriptor, named path: String
    ) throws(SystemError) -> FileDescriptor {
        let flags = UInt32(MOVE_MOUNT_F_EMPTY_PATH) | UInt32(MOVE_MOUNT_T_EMPTY_PATH)
        try system("mount on", path) { move_mount(tree.number, "", target.number, "", flags) }
        return tree
    }

    /// The root of the mount, to be used without attaching it anywhere.
    public consuming func intoDescriptor() -> FileDescriptor { tree }

    static func attributes(_ flags: MountFlags) -> UInt64 {
        var attributes: UInt64 = 0
        if flags.contains(.readOnly) { attributes |= UInt64(MOUNT_ATTR_RDONLY) }
        if flags.contains(.noSetUserID) { attributes |= UInt64(MOUNT_ATTR_NOSUID) }
        if flags.contains(.noDevices) { attributes |= UInt64(MOUNT_ATTR_NODEV) }
        if flags.contains(.noExecution) { attributes |= UInt64(MOUNT_ATTR_NOEXEC) }
        if flags.contains(.noAccessTime) { attributes |= UInt64(MOUNT_ATTR_NOATIME) }
        if flags.contains(.strictAccessTime) { attributes |= UInt64(MOUNT_ATTR_STRICTATIME) }
        if flags.contains(.noDirectoryAccessTime) { attributes |= UInt64(MOUNT_ATTR_NODIRATIME) }
        if flags.contains(.noSymbolicLinks) { attributes |= UInt64(MOUNT_ATTR_NOSYMFOLLOW) }
        return attributes
    }
}

/// Sets and clears flags of the mount that `root` is the root of, and of all below it where `recursive`.
public func setMountFlags(
    _ flags: MountFlags, clearing cleared: MountFlags = [], propagation: Propagation? = nil,
    of root: borrowing FileDescriptor, recursive: Bool = false, named path: String
) throws(SystemError) {
    let number = root.number
    do {
        try DetachedMount.setAttributes(
            flags, clearing: cleared, propagation: propagation, recursive: recursive, of: number)
    } catch {
        throw SystemError("set the flags of", path, error.errno)
    }
}
