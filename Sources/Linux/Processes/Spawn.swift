internal import CLinux

/// Starts a process: clone, place the descriptors, execute. Nothing else runs in between. See clone(2).
///
/// - Parameters:
///   - executable: what to execute, by descriptor: no path can be swapped under it.
///   - namespaces: new ones for the child.
///   - cgroup: an open directory, the cgroup v2 that the child starts in.
///   - descriptors: become 0, 1, 2, … in the child; every other one is closed.
/// - Throws: `SystemError`, also where the exec failed.
public func spawn(
    executable: borrowing FileDescriptor,
    arguments: [String],
    environment: [String] = [],
    namespaces: Namespaces = [],
    cgroup: CInt? = nil,
    descriptors: [CInt]
) throws(SystemError) -> ProcessHandle {
    try spawn(
        executable.number, "", arguments: arguments, environment: environment, namespaces: namespaces, cgroup: cgroup,
        descriptors: descriptors)
}

/// The same for a path: of a script, say, whose interpreter wants one.
public func spawn(
    path: String, arguments: [String], environment: [String] = [], descriptors: [CInt]
) throws(SystemError) -> ProcessHandle {
    do {
        return try spawn(-1, path, arguments: arguments, environment: environment, descriptors: descriptors)
    } catch {
        throw SystemError("exec", path, error.errno)
    }
}

private func spawn(
    _ executable: CInt, _ path: String, arguments: [String], environment: [String], namespaces: Namespaces = [],
    cgroup: CInt? = nil, descriptors: [CInt]
) throws(SystemError) -> ProcessHandle {
    // What is above all targets cannot be overwritten while they are placed.
    var owned: [CInt] = []
    defer { for number in owned { _ = close(number) } }
    func raise(_ number: CInt) throws(SystemError) -> CInt {
        if number >= CInt(descriptors.count) { return number }
        let copy = try FileDescriptor.duplicate(number, atLeast: CInt(descriptors.count)).release()
        owned.append(copy)
        return copy
    }
    var sources: [CInt] = []
    for number in descriptors { sources.append(try raise(number)) }
    let executable = executable < 0 ? executable : try raise(executable)
    let arguments = CStringArray(arguments)
    let environment = CStringArray(environment)
    var pidfd: CInt = -1
    let cgroupNumber = cgroup ?? -1
    let processID = try system("clone") {
        sources.withUnsafeBufferPointer { sources in
            path.withCString { path in
                var request = clinux_spawn(
                    flags: namespaces.rawValue,
                    cgroup: cgroupNumber,
                    executable: executable,
                    path: path,
                    arguments: arguments.pointer,
                    environment: environment.pointer,
                    descriptors: sources.baseAddress,
                    descriptor_count: CInt(sources.count)
                )
                return clinux_spawn(&request, &pidfd)
            }
        }
    }
    return ProcessHandle(processID: processID, descriptor: FileDescriptor(owning: pidfd))
}

/// Leaves an init in the place of the calling process, which passes signals on, reaps orphans and ends as this one does,
/// and goes on as its child. Only for processes of a single thread.
public func leaveInitBehind() throws(SystemError) {
    try system("fork", "an init") { clinux_become_init() }
}

/// Makes a copy of the calling process that is a child of its parent. Only for processes of a single thread. See
/// clone(2), CLONE_PARENT.
///
/// - Returns: whether this is the caller, not the copy.
public func forkSibling() throws(SystemError) -> Bool {
    try system("clone") { clinux_fork_sibling() } != 0
}
