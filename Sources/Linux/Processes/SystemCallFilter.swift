internal import CLinux

/// Lets `program`, a filter of BPF instructions, decide on every system call of the calling thread from now on, for good.
/// See seccomp(2), SECCOMP_SET_MODE_FILTER.
///
/// - Parameters:
///   - program: the kernel's `struct sock_filter`, one after the other.
///   - flags: `SECCOMP_FILTER_FLAG_…`.
/// - Throws: `SystemError`, `.permissionDenied` without both `no_new_privs` and `CAP_SYS_ADMIN`.
public func installSystemCallFilter(_ program: [UInt8], flags: UInt32) throws(SystemError) {
    let size = 8  // of a struct sock_filter
    guard program.count % size == 0, let count = UInt16(exactly: program.count / size) else {
        throw SystemError("seccomp", "a filter of \(program.count) bytes", .invalidArgument)
    }
    try system("seccomp") {
        program.withUnsafeBytes { clinux_set_seccomp_filter($0.baseAddress, count, flags) }
    }
}
