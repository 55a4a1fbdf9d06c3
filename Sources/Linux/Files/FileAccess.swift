internal import CLinux

/// Whether the effective user may write to `path`. The corresponding C function is `faccessat` with `AT_EACCESS`.
public func isWritable(_ path: String) -> Bool { faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 }

/// Whether the effective user may execute `path`, or search it.
public func isExecutable(_ path: String) -> Bool { faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 }

/// Whether the file `path` gives capabilities to whoever executes it. See capabilities(7), "File capabilities".
public func hasFileCapabilities(_ path: String) -> Bool { getxattr(path, "security.capability", nil, 0) > 0 }

/// What an ordinary user can still write to the file system that `path` is on. See statfs(2).
public func freeSpace(at path: String) throws(SystemError) -> ByteCount {
    var status = statfs()
    try system("statfs", path) { statfs(path, &status) }
    let (bytes, overflow) = Int64(clamping: status.f_bavail).multipliedReportingOverflow(
        by: Int64(clamping: status.f_bsize))
    return ByteCount(bytes: overflow ? .max : bytes)
}
