internal import CLinux

/// Creates a directory. The corresponding C function is `mkdir`.
public func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
    try system("mkdir", path) { mkdir(path, mode) }
}

/// Creates a directory and those above it, as far as they are missing.
public func makeDirectories(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
    do {
        try makeDirectory(path, mode: mode)
    } catch  where error.errno == .fileExists {
        return
    } catch  where error.errno == .noSuchFileOrDirectory {
        guard let parent = parentDirectory(of: path) else { throw error }
        try makeDirectories(parent, mode: mode)
        do {
            try makeDirectory(path, mode: mode)
        } catch  where error.errno == .fileExists {
            return
        }
    }
}

/// The part of `path` before its last component; nil where there is none.
public func parentDirectory(of path: String) -> String? {
    guard let slash = path.lastIndex(of: "/") else { return nil }
    return slash == path.startIndex ? (path == "/" ? nil : "/") : String(path[..<slash])
}

/// Removes an empty directory. The corresponding C function is `rmdir`.
public func removeDirectory(_ path: String) throws(SystemError) {
    try system("rmdir", path) { rmdir(path) }
}

/// Removes a name. The corresponding C function is `unlink`.
public func removeFile(_ path: String) throws(SystemError) {
    try system("unlink", path) { unlink(path) }
}

/// Moves a name, replacing what is there. The corresponding C function is `rename`.
public func renameFile(_ old: String, to new: String) throws(SystemError) {
    try system("rename", old) { rename(old, new) }
}

/// Creates a FIFO. The corresponding C function is `mkfifo`.
public func makeFIFO(_ path: String, mode: UInt32) throws(SystemError) {
    try system("mkfifo", path) { mkfifo(path, mode) }
}

/// Writes a file so that readers see the old content or the new one, never a part: a new file, then a rename.
public func replaceFile(_ path: String, with bytes: some Sequence<UInt8>, mode: UInt32 = 0o600) throws(SystemError) {
    let temporary = path + ".new"
    do {
        try FileDescriptor.open(temporary, [.write, .create, .truncate, .noFollow], mode: mode).writeAll(bytes)
    } catch {
        try? removeFile(temporary)
        throw SystemError("write", path, error.errno)
    }
    do {
        try renameFile(temporary, to: path)
    } catch {
        try? removeFile(temporary)
        throw error
    }
}

/// Writes a file that is there whole or not at all, and nothing beside it, whenever this process is killed: it gets its
/// name last. What had the name before is gone for a moment. See open(2), O_TMPFILE.
public func placeFile(_ path: String, with bytes: some Sequence<UInt8>, mode: UInt32 = 0o600) throws(SystemError) {
    let bytes = Array(bytes)
    do {
        let file = try FileDescriptor.open(parentDirectory(of: path) ?? ".", [.write, .temporary], mode: mode)
        try file.writeAll(bytes)
        try file.takeName(path)
    } catch  where error.errno == .notSupported || error.errno == .isDirectory {
        // Not every file system has files without names.
        try replaceFile(path, with: bytes, mode: mode)
    } catch {
        throw SystemError("write", path, error.errno)
    }
}

extension FileDescriptor {
    /// Gives a file that was opened without a name one, which another one loses. See open(2), O_TMPFILE.
    public func takeName(_ path: String) throws(SystemError) {
        let source = "/proc/self/fd/\(number)"
        func link() throws(SystemError) {
            try system("link", path) { linkat(AT_FDCWD, source, AT_FDCWD, path, AT_SYMLINK_FOLLOW) }
        }
        do {
            try link()
        } catch  where error.errno == .fileExists {
            try Linux.removeFile(path)
            try link()
        }
    }
}

/// The names in a directory, without `.` and `..`, in no particular order.
public func directoryEntries(_ path: String) throws(SystemError) -> [String] {
    try FileDescriptor.open(path, .directory).entries()
}

/// Removes a directory with everything in it, never following a link. Missing is not an error; neither is what somebody
/// else removes, or still adds, meanwhile.
public func removeTree(_ path: String) throws(SystemError) {
    var turns = 0
    while true {
        do {
            return try removeTreeOnce(path)
        } catch  where [.noSuchFileOrDirectory, .directoryNotEmpty].contains(error.errno) && turns < 100 {
            turns += 1
        }
    }
}

private func removeTreeOnce(_ path: String) throws(SystemError) {
    let directory: FileDescriptor
    do {
        directory = try FileDescriptor.open(path, [.directory, .noFollow])
    } catch  where error.errno == .noSuchFileOrDirectory {
        return
    } catch  where error.errno == .notDirectory || error.errno == .tooManyLinks {
        return try removeFile(path)
    }
    do {
        try directory.removeAllEntries()
    } catch {
        throw SystemError("remove", path, error.errno)
    }
    try removeDirectory(path)
}

extension FileDescriptor {
    /// The names in this directory, without `.` and `..`.
    public func entries() throws(SystemError) -> [String] {
        let copy = try open(".", .directory).release()
        guard let stream = fdopendir(copy) else {
            _ = close(copy)
            throw SystemError("opendir", "", .outOfMemory)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Creates a directory in this directory. The corresponding C function is `mkdirat`.
    public func makeDirectory(_ name: String, mode: UInt32 = 0o755) throws(SystemError) {
        try system("mkdir", name) { mkdirat(number, name, mode) }
    }

    /// Creates a symbolic link in this directory. The corresponding C function is `symlinkat`.
    public func makeSymbolicLink(_ name: String, to target: String) throws(SystemError) {
        try system("symlink", name) { symlinkat(target, number, name) }
    }

    /// Creates a character device in this directory, less the umask's bits. The corresponding C function is `mknodat`.
    public func makeCharacterDevice(_ name: String, _ device: DeviceNumber, mode: UInt32) throws(SystemError) {
        try system("mknod", name) { mknodat(number, name, UInt32(S_IFCHR) | mode, device.raw) }
    }

    /// Creates a device or a FIFO of this name.
    public func makeNode(_ name: String, _ kind: FileStatus.Kind, mode: UInt32) throws(SystemError) {
        guard case .characterDevice(let device) = kind else {
            return try makeNode(PathBytes(name), kind, mode: mode)
        }
        try makeCharacterDevice(name, device, mode: mode)
    }

    /// Makes this directory the working directory. The corresponding C function is `fchdir`.
    public func makeWorkingDirectory() throws(SystemError) {
        try system("chdir", "descriptor \(number)") { fchdir(number) }
    }

    /// Changes owner and group of the open file. The corresponding C function is `fchown`.
    public func setOwner(_ owner: UInt32, group: UInt32) throws(SystemError) {
        try system("chown", "descriptor \(number)") { fchown(number, owner, group) }
    }

    /// Changes the permission bits of the open file. The corresponding C function is `fchmod`.
    public func setMode(_ mode: UInt32) throws(SystemError) {
        try system("chmod", "descriptor \(number)") { fchmod(number, mode) }
    }

    /// Takes the file's lock, and waits where another process has it. See flock(2).
    public func lock() throws(SystemError) { try system("flock") { flock(number, LOCK_EX) } }

    /// Takes the file's lock, or says at once that another process has it. See flock(2).
    ///
    /// - Parameter shared: whether others may have it shared, too.
    public func tryLock(shared: Bool = false) throws(SystemError) -> Bool {
        do {
            try system("flock") { flock(number, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) }
            return true
        } catch  where error.errno == .wouldBlock {
            return false
        }
    }
}
