internal import CLinux

/// An open file descriptor and its owner: closed when the value goes away, copied by nobody.
///
/// Every descriptor is opened close-on-exec.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number. It is valid only as long as the owner lives: pass the owner, not the number, where possible.
    public let number: CInt

    /// Takes ownership of an open descriptor.
    public init(owning number: CInt) {
        self.number = number
    }

    deinit {
        _ = close(number)
    }

    /// Gives ownership up: the caller closes it.
    public consuming func release() -> CInt {
        let number = number
        discard self
        return number
    }

    /// Closes it in whatever this process executes, as every descriptor that it opens by itself. See fcntl(2), F_SETFD.
    public func setCloseOnExec() throws(SystemError) {
        let number = number
        try system("fcntl", "descriptor \(number)") { clinux_fcntl(number, F_SETFD, FD_CLOEXEC) }
    }

    /// A second descriptor for the same open file, numbered `minimum` or higher. See fcntl(2), F_DUPFD_CLOEXEC.
    public func duplicate(atLeast minimum: CInt = 3) throws(SystemError) -> FileDescriptor {
        try Self.duplicate(number, atLeast: minimum)
    }

    /// A second descriptor for the open file `number`, which somebody else owns (0 to 2, say).
    public static func duplicate(_ number: CInt, atLeast minimum: CInt = 3) throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            owning: try system("dup", "descriptor \(number)") { clinux_fcntl(number, F_DUPFD_CLOEXEC, minimum) })
    }
}

extension FileDescriptor {
    /// How a file is opened. See open(2).
    public struct OpenOptions: OptionSet, Sendable {
        public let rawValue: CInt

        public init(rawValue: CInt) {
            self.rawValue = rawValue
        }

        public static let read = OpenOptions([])
        public static let write = OpenOptions(rawValue: O_WRONLY)
        public static let readWrite = OpenOptions(rawValue: O_RDWR)
        public static let create = OpenOptions(rawValue: O_CREAT)
        public static let exclusive = OpenOptions(rawValue: O_EXCL)
        public static let truncate = OpenOptions(rawValue: O_TRUNC)
        public static let append = OpenOptions(rawValue: O_APPEND)
        public static let directory = OpenOptions(rawValue: O_DIRECTORY)
        public static let noFollow = OpenOptions(rawValue: O_NOFOLLOW)
        public static let noControllingTerminal = OpenOptions(rawValue: O_NOCTTY)
        public static let nonBlocking = OpenOptions(rawValue: O_NONBLOCK)
        /// A new file in a directory that is given, without a name: it is gone with its last descriptor.
        public static let temporary = OpenOptions(rawValue: clinux_temporary_file)
        /// Names the file without opening it: no driver is asked, no FIFO blocks.
        public static let path = OpenOptions(rawValue: O_PATH)
    }

    /// Opens `path`, relative to `directory` where one is given. The corresponding C function is `openat`.
    public static func open(
        _ path: String, _ options: OpenOptions = .read, mode: UInt32 = 0o600
    ) throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            owning: try system("open", path) { clinux_openat(AT_FDCWD, path, options.rawValue | O_CLOEXEC, mode) })
    }

    /// Opens `path` relative to this directory. The corresponding C function is `openat`.
    public func open(
        _ path: String, _ options: OpenOptions = .read, mode: UInt32 = 0o600
    ) throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            owning: try system("open", path) { clinux_openat(number, path, options.rawValue | O_CLOEXEC, mode) })
    }

    /// Opens `path` as if this directory were `/`: neither `..` nor a symbolic link leads out of it, and the links of
    /// `/proc` that jump anywhere are refused. See openat2(2), RESOLVE_IN_ROOT.
    public func openInRoot(
        _ path: String, _ options: OpenOptions = .path, mode: UInt32 = 0
    ) throws(SystemError) -> FileDescriptor {
        let flags = UInt64(options.rawValue | O_CLOEXEC)
        let resolve = UInt64(CLINUX_RESOLVE_IN_ROOT | CLINUX_RESOLVE_NO_MAGICLINKS)
        // EAGAIN: something was renamed while the kernel walked, so that it could not vouch for the result.
        for _ in 0..<64 {
            do {
                return FileDescriptor(
                    owning: try system("open", path) { clinux_openat2(number, path, flags, UInt64(mode), resolve) })
            } catch  where error.errno == .wouldBlock {
                continue
            }
        }
        throw SystemError("open", path, .wouldBlock)
    }
}

extension FileDescriptor {
    /// Opens the very file that this descriptor names, which may be open as a path only.
    public func reopen(_ options: OpenOptions = .read) throws(SystemError) -> FileDescriptor {
        try Self.open("/proc/self/fd/\(number)", options)
    }

    /// Opens the directory at `path` as if this one were `/`, creating what is missing of it.
    ///
    /// Each directory is made by name in its open parent, where a link is not followed but an error.
    public func makeDirectoriesInRoot(_ path: String, mode: UInt32 = 0o755) throws(SystemError) -> FileDescriptor {
        do {
            return try openInRoot(path, [.path, .directory])
        } catch  where error.errno == .noSuchFileOrDirectory {
            // The last part is missing, or one before it.
        }
        var above = "/"
        var name = ""
        for part in path.split(separator: "/") where part != "." {
            if !name.isEmpty { above += name + "/" }
            name = String(part)
        }
        guard !name.isEmpty else { return try openInRoot("/", [.path, .directory]) }
        let parent = try makeDirectoriesInRoot(above, mode: mode)
        do {
            try parent.makeDirectory(name, mode: mode)
        } catch  where error.errno != .fileExists {
            throw SystemError(error.call, path, error.errno)
        }
        return try openInRoot(path, [.path, .directory])
    }
}
