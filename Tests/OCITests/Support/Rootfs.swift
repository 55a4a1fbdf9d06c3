import Linux
import Testing

/// Root file systems of busybox.
enum Rootfs {
    private static let applets = [
        "[", "awk", "base64", "cat", "chgrp", "chmod", "chown", "chroot", "cp", "cut", "date", "dd", "df", "dirname",
        "echo", "env", "expr", "false", "find", "grep", "head", "hexdump", "hostname", "id", "ifconfig", "ip", "kill",
        "ln", "ls", "md5sum", "mkdir", "mkfifo", "mknod", "mktemp", "mount", "mv", "nc", "nproc", "nsenter",
        "printf", "ps", "pwd", "readlink", "realpath", "rm", "rmdir", "sed", "seq", "setpriv", "setsid", "sh",
        "sleep", "sort", "stat", "stty", "su", "sync", "sysctl", "tail", "tee", "test", "timeout", "touch", "tr",
        "true", "tty", "umount", "uname", "uniq", "unshare", "usleep", "wc", "which", "whoami", "xargs",
    ]

    static func make(at path: String) throws {
        let busybox = try #require(TestFiles.busybox)
        for name in ["bin", "dev", "etc", "home", "proc", "root", "sys", "tmp", "usr", "var"] {
            try makeDirectories("\(path)/\(name)")
        }
        let bin = try FileDescriptor.open("\(path)/bin", [.path, .directory])
        try install(busybox, at: "\(path)/bin/busybox", in: bin)
        for name in applets { try bin.makeSymbolicLink(name, to: "busybox") }
        try FileDescriptor.open("\(path)/etc/passwd", [.write, .create], mode: 0o644).writeAll(
            "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home:/bin/sh\n".utf8)
        try FileDescriptor.open("\(path)/etc/group", [.write, .create], mode: 0o644).writeAll(
            "root:x:0:\nuser:x:1000:\n".utf8)
    }

    /// A second name of the tests' busybox, or a copy of it where that is on another file system.
    private static func install(_ busybox: String, at path: String, in bin: borrowing FileDescriptor) throws {
        let source = try FileDescriptor.open(parentDirectory(of: busybox) ?? "/", [.path, .directory])
        do {
            try bin.makeHardLink(PathBytes("busybox"), to: PathBytes("oci-busybox"), in: source)
        } catch {
            try replaceFile(path, with: try readFile(busybox), mode: 0o755)
        }
    }
}
