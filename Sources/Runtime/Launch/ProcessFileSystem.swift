internal import Linux

/// `/proc`, by which processes are found.
public enum ProcessFileSystem {
    /// What is wrong with it; nil where it is there.
    ///
    /// To be asked before anything is done. Without it every process seems to have ended, so that what runs would be taken
    /// away, and a program does not even know its own arguments.
    public static var complaint: String? {
        guard (try? FileSystemKind.of("/proc")) != .proc else { return nil }
        return "there is no /proc to find processes by: mount it (mount -t proc proc /proc)"
    }
}
