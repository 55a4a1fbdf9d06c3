public import JSON
internal import Linux

/// What this runtime can do. See the runtime specification, "Features Structure".
public enum Features {
    /// The newest version of the specification that is known.
    public static var version: String { SpecVersion.current }

    public static var json: JSONValue {
        .object([
            ("ociVersionMin", "1.0.0"),
            ("ociVersionMax", .string(SpecVersion.current)),
            (
                "hooks",
                ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"]
            ),
            ("mountOptions", .array(mountOptions.sorted().map { .string($0) })),
            ("linux", linux),
            ("annotations", .object([])),
        ])
    }

    private static var mountOptions: [String] {
        let flags = [
            "ro", "rw", "nosuid", "suid", "nodev", "dev", "noexec", "exec", "noatime", "atime", "strictatime",
            "nostrictatime", "relatime", "norelatime", "nodiratime", "diratime", "nosymfollow", "symfollow",
        ]
        return flags + flags.map { "r\($0)" } + [
            "sync", "async", "dirsync", "lazytime", "nolazytime", "bind", "rbind", "private", "rprivate", "slave",
            "rslave", "shared", "rshared", "unbindable", "runbindable", "tmpcopyup", "idmap", "ridmap", "defaults",
        ]
    }

    /// As libseccomp names them.
    private static let architectures = [
        "AARCH64", "ARM", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL", "MIPSEL64", "MIPSEL64N32", "PPC", "PPC64", "PPC64LE",
        "RISCV64", "S390", "S390X", "X32", "X86", "X86_64",
    ]

    private static var linux: JSONValue {
        .object([
            ("namespaces", ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"]),
            ("capabilities", .array(Capability.allCases.map { .string($0.name) })),
            (
                "cgroup",
                ["v1": true, "v2": true, "systemd": true, "systemdUser": true, "rdma": true]
            ),
            (
                "seccomp",
                [
                    "enabled": true,
                    "actions": [
                        "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS",
                        "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP",
                    ],
                    "operators": [
                        "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE", "SCMP_CMP_LT",
                        "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE",
                    ],
                    "archs": .array(architectures.map { .string("SCMP_ARCH_\($0)") }),
                    "knownFlags": [
                        "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC",
                    ],
                    "supportedFlags": [
                        "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC",
                    ],
                ]
            ),
            ("apparmor", ["enabled": true]),
            ("selinux", ["enabled": true]),
            ("intelRdt", ["enabled": false]),
            ("mountExtensions", ["idmap": ["enabled": true]]),
        ])
    }
}
