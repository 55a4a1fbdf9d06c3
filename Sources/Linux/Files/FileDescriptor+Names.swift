internal import CLinux

/// Names in this directory. None of these follows a symbolic link in the last component, and each takes the bytes of a
/// name as they are.
extension FileDescriptor {
    /// Opens a name in this directory. The corresponding C function is `openat`, with `O_NOFOLLOW`.
    public func open(
        _ name: PathBytes, _ options: OpenOptions, mode: UInt32 = 0o600
    ) throws(SystemError) -> FileDescriptor {
        let flags = options.union(.noFollow).rawValue | O_CLOEXEC
        return FileDescriptor(
            owning: try system("open", "\(name)") { name.withCString { clinux_openat(number, $0, flags, mode) } })
    }

    /// Opens a directory below this one as if this one were `/`: wherever symbolic links and `..` point, the result is
    /// in here. See openat2(2), RESOLVE_IN_ROOT.
    public func openDirectoryInRoot(_ path: PathBytes) throws(SystemError) -> FileDescriptor {
        let flags = UInt64(O_PATH | O_DIRECTORY | O_CLOEXEC)
        let resolve = UInt64(CLINUX_RESOLVE_IN_ROOT | CLINUX_RESOLVE_NO_MAGICLINKS)
        // EAGAIN: something was renamed while the kernel walked, so that it could not vouch for the result.
        for _ in 0..<64 {
            do {
                return FileDescriptor(
                    owning: try system("open", "\(path)") {
                        path.withCString { clinux_openat2(number, $0, flags, 0, resolve) }
                    })
            } catch let error where error.errno == .wouldBlock {
                continue
            }
        }
        throw SystemError("open", "\(path)", .wouldBlock)
    }

    /// The status of a name. The corresponding C function is `fstatat`, with `AT_SYMLINK_NOFOLLOW`.
    public func status(of name: PathBytes) throws(SystemError) -> FileStatus {
        var status = stat()
        try system("stat", "\(name)") { name.withCString { fstatat(number, $0, &status, AT_SYMLINK_NOFOLLOW) } }
        return FileStatus(status)
    }

    /// The corresponding C function is `mkdirat`.
    public func makeDirectory(_ name: PathBytes, mode: UInt32) throws(SystemError) {
        try system("mkdir", "\(name)") { name.withCString { mkdirat(number, $0, mode) } }
    }

    /// The corresponding C function is `symlinkat`.
    public func makeSymbolicLink(_ name: PathBytes, to target: PathBytes) throws(SystemError) {
        try system("symlink", "\(name)") {
            name.withCString { name in target.withCString { symlinkat($0, number, name) } }
        }
    }

    /// Makes `name` a second name of the file `target` in `directory`. The corresponding C function is `linkat`.
    public func makeHardLink(
        _ name: PathBytes, to target: PathBytes, in directory: borrowing FileDescriptor
    ) throws(SystemError) {
        let source = directory.number
        try system("link", "\(name)") {
            name.withCString { name in target.withCString { linkat(source, $0, number, name, 0) } }
        }
    }

    /// The corresponding C function is `mknodat`.
    ///
    /// - Parameter kind: a device, or a FIFO.
    public func makeNode(_ name: PathBytes, _ kind: FileStatus.Kind, mode: UInt32) throws(SystemError) {
        let (type, device): (CInt, DeviceNumber?) =
            switch kind {
            case .characterDevice(let device): (S_IFCHR, device)
            case .blockDevice(let device): (S_IFBLK, device)
            case .fifo: (S_IFIFO, nil)
            case .regular, .directory, .symbolicLink, .socket, .unknown: (S_IFMT, nil)
            }
        guard type != S_IFMT else { throw SystemError("mknod", "\(name)", .invalidArgument) }
        try system("mknod", "\(name)") {
            name.withCString { mknodat(number, $0, UInt32(type) | mode, device?.raw ?? 0) }
        }
    }

    /// Removes a name that is not a directory. The corresponding C function is `unlinkat`.
    public func removeFile(_ name: PathBytes) throws(SystemError) {
        try system("unlink", "\(name)") { name.withCString { unlinkat(number, $0, 0) } }
    }

    /// Removes an empty directory. The corresponding C function is `unlinkat`, with `AT_REMOVEDIR`.
    public func removeDirectory(_ name: PathBytes) throws(SystemError) {
        try system("rmdir", "\(name)") { name.withCString { unlinkat(number, $0, AT_REMOVEDIR) } }
    }

    /// Gives a file in this directory another name in it. A directory replaces only nothing or an empty directory.
    /// The corresponding C function is `renameat`.
    public func rename(_ old: PathBytes, to new: PathBytes) throws(SystemError) {
        try system("rename", "\(old) to \(new)") {
            old.withCString { old in new.withCString { renameat(number, old, number, $0) } }
        }
    }

    /// Where the symbolic link of a name leads. The corresponding C function is `readlinkat`.
    public func linkTarget(of name: PathBytes) throws(SystemError) -> PathBytes {
        var buffer = [UInt8](repeating: 0, count: 4096)  // PATH_MAX
        let count = try system("readlink", "\(name)") {
            name.withCString { name in
                buffer.withUnsafeMutableBytes { bytes in
                    bytes.withMemoryRebound(to: CChar.self) { text in
                        text.baseAddress.map { readlinkat(number, name, $0, text.count) } ?? -1
                    }
                }
            }
        }
        return PathBytes(buffer[..<count])
    }
}
