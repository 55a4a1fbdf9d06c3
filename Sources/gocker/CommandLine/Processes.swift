internal import Linux

/// What the kernel tells of processes.
enum Processes {
    /// Without `/proc` every process seems to have ended: nothing is to be begun, and even less taken away, on such news.
    static func check(exitCode: Int32 = Failure.ownCode) throws {
        guard (try? FileSystemKind.of("/proc")) != .proc else { return }
        throw Failure("there is no /proc to find processes by: mount it (mount -t proc proc /proc)", exitCode: exitCode)
    }
}
