internal import CLinux

/// A mount that is in no place yet: prepared by descriptor, then attached by descriptor, so that no path can be swapped
/// in between. See open_tree(2), mount_setattr(2), move_mount(2).
public struct DetachedMount: ~Copyable {
    private let tree: FileDescriptor
    /// What this kernel can set only of a mount that is attached.
    private var postponed: [MountAttributes] = []

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
        func set(_ key: String) throws(SystemError) {
            try system("set \(key) of", type) { fsconfig(context.number, FSCONFIG_SET_FLAG.rawValue, key, nil, 0) }
        }
        if flags.contains(.synchronous) { try set("sync") }
        if flags.contains(.synchronousDirectories) { try set("dirsync") }
        if flags.contains(.lazyTime) { try set("lazytime") }
        for (key, value) in MountOptionList(options) {
            guard let value else {
                try set(key)
                continue
            }
            try system("set \(key) of", type) {
                fsconfig(context.number, FSCONFIG_SET_STRING.rawValue, key, value, 0)
            }
        }
        try system("create file system", type) { fsconfig(context.number, FSCONFIG_CMD_CREATE.rawValue, nil, nil, 0) }
        do {
            tree = try Self.mount(context, type, flags)
        } catch  where error.errno == .invalidArgument && flags.contains(.noSymbolicLinks) {
            // Before Linux 5.14 this one is known to mount(2) only.
            tree = try Self.mount(context, type, flags.subtracting(.noSymbolicLinks))
            postponed.append(MountAttributes(set: .noSymbolicLinks))
        }
    }

    private static func mount(
        _ context: borrowing FileDescriptor, _ type: String, _ flags: MountFlags
    ) throws(SystemError) -> FileDescriptor {
        let number = context.number
        let attributes = UInt32(flags.attributes)
        return FileDescriptor(
            owning: try system("mount", type) { fsmount(number, UInt32(FSMOUNT_CLOEXEC), attributes) })
    }

    private static func openTree(
        _ directory: CInt, _ path: String, recursive: Bool, subject: String
    ) throws(SystemError) -> FileDescriptor {
        var flags = UInt32(OPEN_TREE_CLONE) | UInt32(bitPattern: O_CLOEXEC) | UInt32(AT_EMPTY_PATH)
        if recursive { flags |= UInt32(AT_RECURSIVE) }
        return FileDescriptor(owning: try system("open", subject) { open_tree(directory, path, flags) })
    }

    /// Sets and clears attributes, on this mount or on all of the tree; what is not named stays as it is, and so does
    /// what may not be cleared: in a user namespace the host's restrictions are locked. See mount_namespaces(7).
    ///
    /// Before Linux 5.12 this waits for `attach`.
    public mutating func setAttributes(
        _ flags: MountFlags, clearing cleared: MountFlags = [], propagation: Propagation? = .private, recursive: Bool
    ) throws(SystemError) {
        let attributes = MountAttributes(
            set: flags, cleared: cleared, propagation: propagation, isRecursive: recursive)
        // What waits comes before what is asked for later.
        if postponed.isEmpty, try attributes.set(on: tree.number) { return }
        postponed.append(attributes)
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
        do {
            try system("mount_setattr", "MOUNT_ATTR_IDMAP") {
                mount_setattr(tree.number, "", UInt32(reach), &attributes, MemoryLayout<mount_attr>.size)
            }
        } catch  where error.errno == .notImplemented {
            throw SystemError("map the owners on", "a mount, which takes Linux 5.12", .notSupported)
        }
    }

    /// A mount that another process prepared and sent.
    public init(prepared tree: consuming FileDescriptor) {
        self.tree = tree
    }

    /// Attaches the mount on the open file or directory `target`, `path` being its name for people.
    ///
    /// Before Linux 5.12 there is a moment between that and the attributes, in which a mount that is to be read-only can
    /// be written to. In a namespace of its own nobody but the caller is there yet, and what is attached on a private or
    /// slave mount is passed on to no other. Whoever is in a namespace that was joined, or has a copy of a shared mount,
    /// does have that moment; a file that is open for writing at its end makes this fail, and a mount without its
    /// attributes does not stay.
    ///
    /// - Returns: the root of the mount, now part of the namespace.
    @discardableResult
    public consuming func attach(
        on target: borrowing FileDescriptor, named path: String
    ) throws(SystemError) -> FileDescriptor {
        let flags = UInt32(MOVE_MOUNT_F_EMPTY_PATH) | UInt32(MOVE_MOUNT_T_EMPTY_PATH)
        try system("mount on", path) { move_mount(tree.number, "", target.number, "", flags) }
        for attributes in postponed {
            do {
                try attributes.remount(tree)
            } catch {
                _ = umount2("/proc/self/fd/\(tree.number)", CInt(MNT_DETACH))
                throw SystemError("set the flags of", path, error.errno)
            }
        }
        return tree
    }

    /// The root of the mount, to be used without attaching it anywhere.
    ///
    /// - Throws: `SystemError`, `.notImplemented` where its attributes cannot be set without that.
    public consuming func intoDescriptor() throws(SystemError) -> FileDescriptor {
        guard postponed.isEmpty else { throw SystemError("mount_setattr", "", .notImplemented) }
        return tree
    }
}

/// Sets and clears flags of the mount that `root` is the root of, and of all below it where `recursive`.
public func setMountFlags(
    _ flags: MountFlags, clearing cleared: MountFlags = [], propagation: Propagation? = nil,
    of root: borrowing FileDescriptor, recursive: Bool = false, named path: String
) throws(SystemError) {
    let attributes = MountAttributes(
        set: flags, cleared: cleared, propagation: propagation, isRecursive: recursive)
    do {
        if try !attributes.set(on: root.number) { try attributes.remount(root) }
    } catch {
        throw SystemError("set the flags of", path, error.errno)
    }
}
