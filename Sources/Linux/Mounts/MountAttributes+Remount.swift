internal import CLinux

// What mount_setattr(2) does in one call, by mount(2), for kernels before 5.12.

extension MountAttributes {
    /// Sets them on the attached mount that `root` is the root of, and on all that can be reached below it where the
    /// attributes are recursive. See mount(2), MS_REMOUNT and MS_BIND.
    ///
    /// A mount that is covered by another has no path, and stays as it is: who may uncover it may change it, too.
    func remount(_ root: borrowing FileDescriptor) throws(SystemError) {
        if let propagation {
            try Self.mount(on: root, flags: UInt(propagation.flag | (isRecursive ? MS_REC : 0)))
        }
        guard !set.union(cleared).isEmpty else { return }
        let table = MountTable(try readFile("/proc/self/mountinfo"))
        let identifier = try root.mountIdentifier()
        guard let top = table[identifier] else { throw SystemError("remount", "", .invalidArgument) }
        try remount(root, from: top.flags)
        guard isRecursive else { return }
        for mount in table.reachable(below: top) {
            let file = try root.openInRoot(mount.path(below: top), [.path, .noFollow])
            // Renamed since it was read where it is, a mount would be missed.
            guard try file.mountIdentifier() == mount.identifier else {
                throw SystemError("remount", mount.path, .busy)
            }
            try remount(file, from: mount.flags)
        }
    }

    private func remount(_ mount: borrowing FileDescriptor, from flags: MountFlags) throws(SystemError) {
        let wanted = changing(flags, clearing: cleared)
        guard wanted != flags else { return }
        do {
            try Self.remount(mount, wanted)
        } catch  where error.errno == .operationNotPermitted && !cleared.isEmpty {
            // As above: what is locked stays.
            try Self.remount(mount, changing(flags, clearing: []))
        }
    }

    /// `flags` as they are after the change. This call sets all of them, so that none may be left out.
    func changing(_ flags: MountFlags, clearing cleared: MountFlags) -> MountFlags {
        var result = flags.subtracting(cleared).union(set)
        if !set.union(cleared).isDisjoint(with: .accessTimes) {
            let asked = set.intersection(.accessTimes)
            result = result.subtracting(.accessTimes).union(asked.isEmpty ? .relativeAccessTime : asked)
        }
        return result
    }

    private static func remount(_ root: borrowing FileDescriptor, _ flags: MountFlags) throws(SystemError) {
        try mount(on: root, flags: UInt(MS_REMOUNT | MS_BIND) | flags.rawValue)
    }

    private static func mount(on root: borrowing FileDescriptor, flags: UInt) throws(SystemError) {
        let path = "/proc/self/fd/\(root.number)"
        try system("remount") { CLinux.mount(nil, path, nil, flags, nil) }
    }
}

extension FileDescriptor {
    /// Which mount the file is on, as the first field of a line of `/proc/PID/mountinfo`. See statx(2), STATX_MNT_ID.
    fileprivate func mountIdentifier() throws(SystemError) -> Int {
        var status = statx()
        // Without asking a file system that may be far away.
        let flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC
        try system("statx") { statx(number, "", flags, UInt32(STATX_MNT_ID), &status) }
        return Int(status.stx_mnt_id)
    }
}
