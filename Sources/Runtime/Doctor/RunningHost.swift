internal import Linux

/// The host that this program runs on.
struct RunningHost: Host {
    var user: UInt32 { effectiveUserID }
    var boundingSet: CapabilitySet { Linux.boundingSet() }

    func text(_ path: String) -> String? { try? readText(path) }
    func exists(_ path: String) -> Bool { (try? FileStatus.of(path)) != nil }
    func kind(_ path: String) -> FileSystemKind? { try? FileSystemKind.of(path) }
    func isWritable(_ path: String) -> Bool { Linux.isWritable(path) }
    func isExecutable(_ path: String) -> Bool { Linux.isExecutable(path) }

    func isPrivileged(_ path: String) -> Bool {
        guard let status = try? FileStatus.of(path) else { return false }
        return (status.owner == 0 && status.mode & 0o4000 != 0) || hasFileCapabilities(path)
    }

    func freeSpace(_ path: String) -> ByteCount? { try? Linux.freeSpace(at: path) }
    func answer(to call: KernelCall) -> Errno? { call.probe() }
    func variable(_ name: String) -> String? { environmentVariable(name) }
}
