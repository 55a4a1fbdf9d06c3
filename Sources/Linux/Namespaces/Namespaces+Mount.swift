/// Evaluates `body` in another mount namespace, which a file of `/proc/PID/ns` names, and comes back: to the namespace,
/// the root and the working directory of before. For a process with one thread. See setns(2).
///
/// - Throws: `SystemError`. Where the way back fails the process is left in between, and has to end.
public func inMountNamespace<Value: ~Copyable>(
    _ namespace: borrowing FileDescriptor, _ body: () throws(SystemError) -> Value
) throws(SystemError) -> Value {
    let own = try FileDescriptor.open("/proc/self/ns/mnt", .read)
    let root = try FileDescriptor.open("/", [.path, .directory])
    let here = try FileDescriptor.open(".", [.path, .directory])
    func comeBack() throws(SystemError) {
        try join(own, kinds: .mount)
        try root.makeWorkingDirectory()
        try changeRoot(to: ".")
        try here.makeWorkingDirectory()
    }
    try join(namespace, kinds: .mount)
    let value: Value
    do {
        value = try body()
    } catch {
        try comeBack()
        throw error
    }
    try comeBack()
    return value
}
