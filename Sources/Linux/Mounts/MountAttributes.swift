internal import CLinux

/// What is to be different of a mount, or of all mounts of a tree. What is not named stays as it is.
struct MountAttributes {
    var set: MountFlags
    var cleared: MountFlags = []
    var propagation: Propagation?
    var isRecursive = false

    /// Sets them on the mount that descriptor `number` is the root of, be it attached or not. See mount_setattr(2).
    ///
    /// - Returns: false where this kernel cannot, which is before Linux 5.12 and, for symbolic links, 5.14.
    func set(on number: CInt) throws(SystemError) -> Bool {
        do {
            try set(on: number, clearing: cleared)
        } catch {
            switch error.errno {
            case .notImplemented: return false
            case .invalidArgument where set.union(cleared).contains(.noSymbolicLinks): return false
            // In a user namespace the host's restrictions stay. See mount_namespaces(7), "locked".
            case .operationNotPermitted where !cleared.isEmpty: try set(on: number, clearing: [])
            default: throw error
            }
        }
        return true
    }

    private func set(on number: CInt, clearing cleared: MountFlags) throws(SystemError) {
        var attributes = mount_attr()
        attributes.attr_set = set.attributes
        attributes.attr_clr = cleared.attributes
        // The access times are one field of several values: to set one is to clear the field.
        if !set.union(cleared).isDisjoint(with: .accessTimes) { attributes.attr_clr |= UInt64(MOUNT_ATTR__ATIME) }
        attributes.propagation = UInt64(propagation?.flag ?? 0)
        let reach = CInt(AT_EMPTY_PATH) | (isRecursive ? CInt(AT_RECURSIVE) : 0)
        try system("mount_setattr") {
            mount_setattr(number, "", UInt32(reach), &attributes, MemoryLayout<mount_attr>.size)
        }
    }
}

extension MountFlags {
    /// Of these a mount has one.
    static let accessTimes: MountFlags = [.noAccessTime, .relativeAccessTime, .strictAccessTime]

    /// The same as `MOUNT_ATTR_…`; to have none of the access times is the relative one.
    var attributes: UInt64 {
        var attributes: UInt64 = 0
        if contains(.readOnly) { attributes |= UInt64(MOUNT_ATTR_RDONLY) }
        if contains(.noSetUserID) { attributes |= UInt64(MOUNT_ATTR_NOSUID) }
        if contains(.noDevices) { attributes |= UInt64(MOUNT_ATTR_NODEV) }
        if contains(.noExecution) { attributes |= UInt64(MOUNT_ATTR_NOEXEC) }
        if contains(.noAccessTime) { attributes |= UInt64(MOUNT_ATTR_NOATIME) }
        if contains(.strictAccessTime) { attributes |= UInt64(MOUNT_ATTR_STRICTATIME) }
        if contains(.noDirectoryAccessTime) { attributes |= UInt64(MOUNT_ATTR_NODIRATIME) }
        if contains(.noSymbolicLinks) { attributes |= UInt64(MOUNT_ATTR_NOSYMFOLLOW) }
        return attributes
    }
}
