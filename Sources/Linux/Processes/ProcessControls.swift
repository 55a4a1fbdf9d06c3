internal import CLinux

/// Forbids that an exec ever grants privileges: set-user-id bits and file capabilities are ignored from now on, for good.
/// See prctl(2), PR_SET_NO_NEW_PRIVS.
public func setNoNewPrivileges() throws(SystemError) {
    try system("prctl", "PR_SET_NO_NEW_PRIVS") { clinux_prctl(PR_SET_NO_NEW_PRIVS, 1, 0) }
}

/// The signal the calling process gets when its parent ends. See prctl(2), PR_SET_PDEATHSIG.
public func setParentDeathSignal(_ signal: Signal) throws(SystemError) {
    try system("prctl", "PR_SET_PDEATHSIG") { clinux_prctl(PR_SET_PDEATHSIG, UInt(signal.rawValue), 0) }
}

/// Whether other processes of the same user may trace this one and open its files in `/proc`. An exec sets it back.
public func setDumpable(_ dumpable: Bool) throws(SystemError) {
    try system("prctl", "PR_SET_DUMPABLE") { clinux_prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0, 0) }
}

/// Starts a new session, without a controlling terminal. See setsid(2).
public func startSession() throws(SystemError) {
    try system("setsid") { setsid() }
}

/// Sets the file mode creation mask. See umask(2).
public func setFileModeMask(_ mask: UInt32) {
    _ = umask(mask)
}

/// Makes `path` the working directory. See chdir(2).
public func changeWorkingDirectory(to path: String) throws(SystemError) {
    try system("chdir", path) { chdir(path) }
}

/// The working directory as an absolute path.
///
/// - Throws: `SystemError`, `.noSuchFileOrDirectory` also where the directory cannot be reached from the root, which the
///   kernel marks by a path that does not begin with `/`. See getcwd(3).
public func workingDirectory() throws(SystemError) -> String {
    guard let buffer = getcwd(nil, 0) else { throw SystemError("getcwd", "", Errno(rawValue: clinux_errno())) }
    defer { free(buffer) }
    let path = String(cString: buffer)
    guard path.hasPrefix("/") else { throw SystemError("getcwd", path, .noSuchFileOrDirectory) }
    return path
}

/// Marks every descriptor from `first` on to be closed at the next exec. See close_range(2).
public func closeAtExec(from first: UInt32) throws(SystemError) {
    switch attempt({ close_range(first, .max, CInt(CLOSE_RANGE_CLOEXEC)) }) {
    case .success: return
    case .failure(.invalidArgument): closeAtExecOneByOne(from: CInt(first))
    case .failure(let errno): throw SystemError("close_range", "", errno)
    }
}

/// The same before Linux 5.11, without `/proc`, which may be the container's by now.
///
/// A process begins with descriptors that have no gaps between them, the only ones that are not marked already, and
/// later takes the lowest number that is free. A long row of closed ones is therefore the end.
private func closeAtExecOneByOne(from first: CInt) {
    var number = first
    var end = first + 1024
    while number < end {
        if case .success = attempt({ clinux_fcntl(number, F_SETFD, FD_CLOEXEC) }) { end = number + 1024 }
        number += 1
    }
}

/// Opens `/dev/null` in the place of each descriptor from 0 to 2 that is closed. Otherwise the next file to be opened
/// would become somebody's standard stream.
public func openMissingStandardStreams() throws(SystemError) {
    for number in CInt(0)...2 {
        guard case .failure = attempt({ clinux_fcntl(number, F_GETFD, 0) }) else { continue }
        // The lowest number that is free, and so this one.
        _ = try FileDescriptor.open("/dev/null", .readWrite).release()
    }
}

/// Puts the open file `source` in the place of descriptor `target`. See dup2(2).
public func replaceDescriptor(_ target: CInt, with source: borrowing FileDescriptor) throws(SystemError) {
    let number = source.number
    try system("dup2", "descriptor \(target)") { dup2(number, target) }
}

/// Sets every signal back to its default disposition and empties the signal mask, as a new program expects it.
public func resetSignals() {
    clinux_reset_signals()
}

/// Executes the program at `path` in place of the calling one.
///
/// - Returns: only where it failed. See execve(2).
public func execute(_ path: String, arguments: [String], environment: [String]) -> SystemError {
    let arguments = CStringArray(arguments)
    let environment = CStringArray(environment)
    _ = execve(path, arguments.pointer, environment.pointer)
    return SystemError("exec", path, Errno(rawValue: clinux_errno()))
}

/// Reads the caller's environment as `NAME=value` strings.
public func currentEnvironment() -> [String] {
    var entries: [String] = []
    var index = 0
    while let entry = clinux_environment_entry(index) {
        entries.append(String(cString: entry))
        index += 1
    }
    return entries
}

/// The value of a variable in the caller's environment.
public func environmentVariable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}

/// Random bytes from the kernel. See getrandom(2).
public func randomBytes(_ count: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try system("getrandom") { getrandom(&bytes, count, 0) }
    return bytes
}

/// Whether the caller may execute the file at `path`. See faccessat(2), AT_EACCESS.
public func checkExecutable(_ path: String) throws(SystemError) {
    try system("exec", path) { faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) }
}

/// Whether descriptor `number` is open.
public func isOpenDescriptor(_ number: CInt) -> Bool {
    guard case .success = attempt({ clinux_fcntl(number, F_GETFD, 0) }) else { return false }
    return true
}
