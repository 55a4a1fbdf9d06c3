internal import Linux

/// What a small Linux root file system consists of, apart from its programs: enough for a shell to feel at home and for
/// a container runtime to find its mount points.
enum Skeleton {
    /// Parents first.
    static let directories: [(path: String, mode: UInt32)] = [
        ("bin", 0o755), ("dev", 0o755), ("etc", 0o755), ("home", 0o755), ("lib", 0o755), ("mnt", 0o755), ("opt", 0o755),
        ("proc", 0o755), ("root", 0o700), ("run", 0o755), ("sbin", 0o755), ("srv", 0o755), ("sys", 0o755),
        ("tmp", 0o1777), ("usr", 0o755), ("usr/bin", 0o755), ("usr/lib", 0o755), ("usr/local", 0o755),
        ("usr/local/bin", 0o755), ("usr/sbin", 0o755), ("usr/share", 0o755), ("var", 0o755), ("var/cache", 0o755),
        ("var/lib", 0o755), ("var/log", 0o755), ("var/spool", 0o755), ("var/tmp", 0o1777),
    ]

    /// Links for programs that look in the places of old.
    static let links = [
        (path: "etc/mtab", target: "../proc/self/mounts"),
        (path: "var/lock", target: "../run/lock"),
        (path: "var/run", target: "../run"),
    ]

    /// Small files that everyone can read, by their lines.
    static let files: [(path: String, lines: [String])] = [
        ("etc/group", ["root:x:0:", "tty:x:5:", "nogroup:x:65534:"]),
        ("etc/hostname", ["localhost"]),
        ("etc/hosts", ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"]),
        ("etc/nsswitch.conf", ["hosts: files dns"]),
        ("etc/passwd", ["root:x:0:0:root:/root:/bin/sh", "nobody:x:65534:65534:nobody:/nonexistent:/bin/false"]),
        (
            "etc/profile",
            [
                "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                #"export PS1='\u@\h:\w\$ '"#,
                "umask 022",
            ]
        ),
        // A place for the machine's own to be mounted on.
        ("etc/resolv.conf", []),
        ("etc/shells", ["/bin/sh", "/bin/ash"]),
    ]
}
