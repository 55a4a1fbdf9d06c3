internal import CLinux

/// A system call that a kernel may be too old for, or a filter may keep from the caller.
public enum KernelCall: String, CaseIterable, Hashable, Sendable {
    case clone3
    case openat2
    case openFileSystem = "fsopen"
    case openTree = "open_tree"
    case moveMount = "move_mount"
    case mountSetAttributes = "mount_setattr"
    case pivotRoot = "pivot_root"
    /// A filter of system calls.
    case seccompFilter = "seccomp"

    /// What the kernel says to a call with arguments that it refuses before it does anything.
    ///
    /// - Returns: `.notImplemented` where there is no such call; nil, which does not happen, where it was carried out.
    public func probe() -> Errno? {
        let result =
            switch self {
            case .clone3: attempt { clinux_probe_clone3() }
            case .openat2: attempt { clinux_probe_openat2() }
            case .openFileSystem: attempt { fsopen("", .max) }
            case .openTree: attempt { open_tree(-1, "", .max) }
            case .moveMount: attempt { move_mount(-1, "", -1, "", .max) }
            case .mountSetAttributes: attempt { mount_setattr(-1, "", .max, nil, 0) }
            case .pivotRoot: attempt { clinux_pivot_root("", "") }
            // EFAULT where filters can be had, EINVAL where not. See prctl(2), PR_SET_SECCOMP, "ERRORS".
            case .seccompFilter: attempt { clinux_prctl(PR_SET_SECCOMP, UInt(CLINUX_SECCOMP_MODE_FILTER), 0) }
            }
        guard case .failure(let errno) = result else { return nil }
        return errno
    }
}
