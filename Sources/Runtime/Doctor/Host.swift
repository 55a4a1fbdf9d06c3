internal import Linux

/// What checks ask a host. To answer changes nothing and waits for nobody.
protocol Host: Sendable {
    /// The effective user who asks.
    var user: UInt32 { get }
    /// What the caller's programs can get at most. See capabilities(7), "Capability bounding set".
    var boundingSet: CapabilitySet { get }

    /// The content of a file; nil where it cannot be read.
    func text(_ path: String) -> String?
    func exists(_ path: String) -> Bool
    /// What a path is on; nil where it does not exist.
    func kind(_ path: String) -> FileSystemKind?
    /// Whether the caller may write to it.
    func isWritable(_ path: String) -> Bool
    func isExecutable(_ path: String) -> Bool
    /// Whether a program runs with privileges that its caller need not have: the set-user-id of root, or capabilities.
    func isPrivileged(_ path: String) -> Bool
    /// What is left on the file system that a path is on.
    func freeSpace(_ path: String) -> ByteCount?
    /// See `KernelCall.probe`.
    func answer(to call: KernelCall) -> Errno?
    /// A variable of the caller's environment.
    func variable(_ name: String) -> String?
}

extension Host {
    var isRoot: Bool { user == 0 }

    /// As uname(2) has it, e.g. `6.1.0-50-amd64`.
    var release: String {
        (text("/proc/sys/kernel/osrelease") ?? "").split(separator: "\n").first.map(String.init) ?? ""
    }

    /// The number in a file that has nothing else.
    func number(_ path: String) -> Int? {
        text(path)?.split { $0.isWhitespace }.first.flatMap { Int($0) }
    }

    /// The place of a program; nil where it is in no directory that programs are looked for in.
    func program(_ name: String) -> String? {
        let directories =
            (variable("PATH") ?? "").split(separator: ":") + StandardEnvironment.path.split(separator: ":")
        return directories.map { "\($0)/\(name)" }.first(where: isExecutable)
    }
}
