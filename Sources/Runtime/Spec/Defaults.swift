public import Linux

// What a container gets when nobody asks for anything: the values users of Docker know.

extension CapabilitySet {
    /// Enough for what runs as root in a container and changes only the container.
    public static let standard: CapabilitySet = [
        .chown, .dacOverride, .fsetid, .fowner, .mknod, .netRaw, .setgid, .setuid, .setfcap, .setpcap,
        .netBindService, .sysChroot, .kill, .auditWrite,
    ]
}

extension Namespaces {
    /// Everything but the network, which is the host's.
    public static let standard: Namespaces = [.mount, .hostname, .process, .ipc, .cgroup]
}

extension LinuxSpec {
    /// Files that tell of the host or let it be changed.
    public static let standardMaskedPaths = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap",
        "/sys/firmware",
    ]

    /// Kernel settings that are not the container's own.
    public static let standardReadOnlyPaths = [
        "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
    ]
}

extension MountSpec {
    /// The file systems every container has: its own `/proc` and `/dev`, and `/sys` to look at.
    public static let standard: [MountSpec] = [
        MountSpec(.fileSystem("proc", options: ""), at: "/proc", flags: [.noSetUserID, .noDevices, .noExecution]),
        MountSpec(
            .fileSystem("tmpfs", options: "mode=755,size=65536k"), at: "/dev",
            flags: [.noSetUserID, .noExecution, .strictAccessTime]),
        MountSpec(
            .fileSystem("devpts", options: "newinstance,ptmxmode=0666,mode=0620,gid=5"), at: "/dev/pts",
            flags: [.noSetUserID, .noExecution]),
        MountSpec(
            .fileSystem("tmpfs", options: "mode=1777,size=65536k"), at: "/dev/shm",
            flags: [.noSetUserID, .noDevices, .noExecution]),
        MountSpec(
            .fileSystem("mqueue", options: ""), at: "/dev/mqueue", flags: [.noSetUserID, .noDevices, .noExecution]),
        MountSpec(
            .fileSystem("sysfs", options: ""), at: "/sys",
            flags: [.readOnly, .noSetUserID, .noDevices, .noExecution]),
    ]
}

/// The environment of a process that is given none.
public enum StandardEnvironment {
    /// Where commands are looked up.
    public static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}
