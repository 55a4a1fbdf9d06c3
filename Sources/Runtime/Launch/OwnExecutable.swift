public import Linux

/// The running binary, to be executed again.
public enum OwnExecutable {
    /// Opens it as it runs, whatever has become of its path.
    ///
    /// On a mount of its own that is read-only: a payload that gets hold of the init stage's `/proc/PID/exe` cannot open
    /// it for writing (CVE-2019-5736), and no copy of the binary is made for that. Before Linux 5.12, which cannot make
    /// one that is in no place, it gets hold of a copy.
    public static func open() throws(SystemError) -> FileDescriptor {
        let file = try FileDescriptor.open("/proc/self/exe", .path)
        do {
            return try seal(file)
        } catch  where error.errno == .notImplemented {
            return try FileDescriptor.sealedCopy(of: try file.reopen(), named: "gocker")
        } catch {
            return file
        }
    }

    private static func seal(_ file: borrowing FileDescriptor) throws(SystemError) -> FileDescriptor {
        var mount = try DetachedMount(copying: file, recursive: false, named: "/proc/self/exe")
        try mount.setAttributes(.readOnly, recursive: false)
        return try mount.intoDescriptor()
    }
}
