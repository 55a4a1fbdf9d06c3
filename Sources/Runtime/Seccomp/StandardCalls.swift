internal import Linux

/// The calls of the standard profile, by what they are for. Those that only older or 32-bit programs make stand last in
/// each group. See syscalls(2).
enum StandardCalls {
    /// Allowed to everybody, whatever the arguments.
    static var unconditional: [String] {
        var calls: [String] = []
        calls.reserveCapacity(512)
        for group in [
            content, names, attributes, descriptors, events, memory, processes, scheduling, identity, signals, time,
            network, messages, asynchronous, confinement, system,
        ] {
            calls += group
        }
        return calls
    }

    /// What is in files.
    private static let content = [
        "read", "readv", "pread64", "preadv", "preadv2", "write", "writev", "pwrite64", "pwritev", "pwritev2", "lseek",
        "sendfile", "copy_file_range", "splice", "tee", "vmsplice", "truncate", "ftruncate", "fallocate", "sync",
        "syncfs",
        "fsync", "fdatasync", "sync_file_range", "fadvise64", "readahead", "flock", "cachestat",
        "_llseek", "sendfile64", "truncate64", "ftruncate64", "fadvise64_64", "sync_file_range2", "arm_sync_file_range",
        "arm_fadvise64_64",
    ]

    /// Where files are.
    private static let names = [
        "open", "openat", "openat2", "creat", "name_to_handle_at", "mkdir", "mkdirat", "mknod", "mknodat", "link",
        "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2", "readlink",
        "readlinkat", "getdents", "getdents64", "chdir", "fchdir", "getcwd",
    ]

    /// What is known of files, and of the file systems and mounts they are on.
    private static let attributes = [
        "stat", "lstat", "fstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "chmod", "fchmod",
        "fchmodat", "fchmodat2", "chown", "lchown", "fchown", "fchownat", "umask", "utime", "utimes", "futimesat",
        "utimensat", "getxattr", "lgetxattr", "fgetxattr", "getxattrat", "setxattr", "lsetxattr", "fsetxattr",
        "setxattrat", "listxattr", "llistxattr", "flistxattr", "listxattrat", "removexattr", "lremovexattr",
        "fremovexattr", "removexattrat", "statfs", "fstatfs", "statmount", "listmount",
        "stat64", "lstat64", "fstat64", "fstatat64", "chown32", "lchown32", "fchown32", "utimensat_time64", "statfs64",
        "fstatfs64",
    ]

    /// Open files, whatever they are.
    private static let descriptors = [
        "close", "close_range", "dup", "dup2", "dup3", "fcntl", "ioctl", "pipe", "pipe2", "eventfd", "eventfd2",
        "signalfd", "signalfd4", "memfd_create", "memfd_secret", "fcntl64",
    ]

    /// Waiting for something to happen to them.
    private static let events = [
        "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait",
        "epoll_pwait",
        "epoll_pwait2", "inotify_init", "inotify_init1", "inotify_add_watch", "inotify_rm_watch", "fanotify_mark",
        "epoll_ctl_old", "epoll_wait_old", "_newselect", "ppoll_time64", "pselect6_time64",
    ]

    private static let memory = [
        "brk", "mmap", "munmap", "mremap", "mprotect", "msync", "madvise", "mincore", "mlock", "mlock2", "munlock",
        "mlockall", "munlockall", "mseal", "membarrier", "remap_file_pages", "pkey_alloc", "pkey_free", "pkey_mprotect",
        "map_shadow_stack", "process_mrelease",
        "mmap2", "cacheflush", "riscv_flush_icache",
    ]

    private static let processes = [
        "execve", "execveat", "fork", "vfork", "exit", "exit_group", "wait4", "waitid", "getpid", "getppid", "gettid",
        "getpgid", "setpgid", "getpgrp", "getsid", "setsid", "pidfd_open", "pidfd_send_signal", "prctl", "arch_prctl",
        "set_tid_address", "set_thread_area", "get_thread_area", "set_robust_list", "get_robust_list", "rseq", "futex",
        "futex_wait", "futex_wake", "futex_waitv", "futex_requeue", "modify_ldt", "uretprobe",
        // Since Linux 4.8 a tracer cannot step around a filter any more, and the kernel asks who may trace whom.
        "ptrace", "process_vm_readv", "process_vm_writev",
        "waitpid", "futex_time64", "set_tls", "breakpoint",
    ]

    private static let scheduling = [
        "sched_yield", "sched_getaffinity", "sched_setaffinity", "sched_getattr", "sched_setattr", "sched_getparam",
        "sched_setparam", "sched_getscheduler", "sched_setscheduler", "sched_get_priority_max",
        "sched_get_priority_min",
        "sched_rr_get_interval", "getpriority", "setpriority", "ioprio_get", "ioprio_set", "getcpu",
        "sched_rr_get_interval_time64",
    ]

    /// Who a process is, and what it may do.
    private static let identity = [
        "getuid", "geteuid", "getresuid", "setuid", "setreuid", "setresuid", "setfsuid", "getgid", "getegid",
        "getresgid",
        "setgid", "setregid", "setresgid", "setfsgid", "getgroups", "setgroups", "capget", "capset",
        "getuid32", "geteuid32", "getresuid32", "setuid32", "setreuid32", "setresuid32", "setfsuid32", "getgid32",
        "getegid32", "getresgid32", "setgid32", "setregid32", "setresgid32", "setfsgid32", "getgroups32", "setgroups32",
    ]

    private static let signals = [
        "kill", "tkill", "tgkill", "pause", "rt_sigaction", "rt_sigprocmask", "rt_sigpending", "rt_sigsuspend",
        "rt_sigtimedwait", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "rt_sigreturn", "sigaltstack", "restart_syscall",
        "sigprocmask", "sigreturn", "rt_sigtimedwait_time64",
    ]

    /// Reading clocks, and timers. The kernel lets nobody set one without `CAP_SYS_TIME`.
    private static let time = [
        "time", "gettimeofday", "times", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep",
        "clock_adjtime",
        "adjtimex", "alarm", "getitimer", "setitimer", "timer_create", "timer_delete", "timer_gettime", "timer_settime",
        "timer_getoverrun", "timerfd_create", "timerfd_gettime", "timerfd_settime",
        "clock_gettime64", "clock_getres_time64", "clock_nanosleep_time64", "clock_adjtime64", "timer_gettime64",
        "timer_settime64", "timerfd_gettime64", "timerfd_settime64",
    ]

    /// What can be done with a socket. Making one is further below.
    private static let network = [
        "socketpair", "bind", "listen", "accept", "accept4", "connect", "shutdown", "getsockname", "getpeername",
        "getsockopt", "setsockopt", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg",
        "socketcall", "send", "recv", "recvmmsg_time64",
    ]

    /// Between processes: System V's and POSIX's. They are those of the container's IPC namespace.
    private static let messages = [
        "shmget", "shmat", "shmdt", "shmctl", "semget", "semop", "semtimedop", "semctl", "msgget", "msgsnd", "msgrcv",
        "msgctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify", "mq_getsetattr",
        "ipc", "semtimedop_time64", "mq_timedsend_time64", "mq_timedreceive_time64",
    ]

    /// Linux's own, before io_uring, which is not here: it makes calls that no filter sees.
    private static let asynchronous = [
        "io_setup", "io_destroy", "io_submit", "io_cancel", "io_getevents", "io_pgetevents", "io_pgetevents_time64",
    ]

    /// By which a program gives up rights of its own.
    private static let confinement = [
        "seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
    ]

    private static let system = [
        "uname", "sysinfo", "getrandom", "getrusage", "getrlimit", "setrlimit", "prlimit64", "ugetrlimit",
        "riscv_hwprobe", "swapcontext", "s390_pci_mmio_read", "s390_pci_mmio_write", "s390_runtime_instr",
    ]
}

extension StandardCalls {
    /// Allowed with a capability.
    static let byCapability: [(Capability, [String])] = [
        (
            .sysAdmin,
            [
                "mount", "umount", "umount2", "mount_setattr", "move_mount", "open_tree", "fsopen", "fsconfig",
                "fsmount",
                "fspick", "clone", "clone3", "unshare", "setns", "sethostname", "setdomainname", "quotactl",
                "quotactl_fd",
                "bpf", "perf_event_open", "fanotify_init", "lookup_dcookie", "syslog", "lsm_get_self_attr",
                "lsm_set_self_attr", "lsm_list_modules",
            ]
        ),
        (.dacReadSearch, ["open_by_handle_at"]),
        (.sysBoot, ["reboot"]),
        (.sysChroot, ["chroot"]),
        (.sysModule, ["init_module", "finit_module", "delete_module"]),
        (.sysPacct, ["acct"]),
        (
            .sysPtrace,
            ["ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp"]
        ),
        (.sysRawio, ["iopl", "ioperm"]),
        (.sysTime, ["settimeofday", "stime", "clock_settime", "clock_settime64"]),
        (.sysTtyConfig, ["vhangup"]),
        (.sysNice, ["get_mempolicy", "set_mempolicy", "set_mempolicy_home_node", "mbind"]),
        (.syslog, ["syslog"]),
        (.bpf, ["bpf"]),
        (.perfmon, ["perf_event_open"]),
    ]

    /// Families of sockets: all but `AF_ALG` (38), the kernel's ciphers, and `AF_VSOCK` (40), which leads out of a
    /// virtual machine.
    ///
    /// A filter sees 64 bits of the number where the kernel takes 32, so that "greater than 40" would let 40 itself pass
    /// with something in its upper half.
    static var sockets: [SeccompSpec.Rule] {
        var rules = [argument(0, of: "socket", .less, 38)]
        for family: UInt64 in [39, 41, 42, 43, 44, 45] { rules.append(argument(0, of: "socket", .equal, family)) }
        return rules
    }

    /// Personalities: Linux's own, with 32 bits (8), with the release called 2.6 (0x20000), and the question which it is.
    static var personalities: [SeccompSpec.Rule] {
        var rules: [SeccompSpec.Rule] = []
        for value: UInt64 in [0, 0x0008, 0x20000, 0x20008, 0xFFFF_FFFF] {
            rules.append(argument(0, of: "personality", .equal, value))
        }
        return rules
    }

    /// New processes and threads, but no new namespaces. clone3 takes its flags in memory, where no filter can look:
    /// as if it were not there yet, which makes C libraries use clone.
    static var newProcesses: [SeccompSpec.Rule] {
        // CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.
        let namespaces: UInt64 = 0x7E02_0000
        #if arch(s390x)
            let flags: UInt32 = 1
        #else
            let flags: UInt32 = 0
        #endif
        return [
            argument(flags, of: "clone", .maskedEqual, namespaces),
            SeccompSpec.Rule(["clone3"], .errno(38)),  // ENOSYS
        ]
    }

    private static func argument(
        _ index: UInt32, of name: String, _ comparison: SeccompSpec.Argument.Comparison, _ value: UInt64
    ) -> SeccompSpec.Rule {
        SeccompSpec.Rule(
            [name], .allow, arguments: [SeccompSpec.Argument(index: index, value: value, comparison: comparison)])
    }
}
