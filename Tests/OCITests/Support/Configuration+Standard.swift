import JSON

extension Configuration {
    /// The capabilities that engines give by default, with which the bounding set reads a80425fb.
    static let standardCapabilities = [
        "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP",
        "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE",
    ].map { "CAP_\($0)" }

    static let maskedPaths = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
        "/sys/devices/virtual/powercap", "/sys/firmware",
    ]

    static let readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]

    /// What an engine passes for a container without any option.
    static func standard(script: String, cgroup: String) -> Configuration {
        var config = Configuration(json: ["ociVersion": "1.0.2"])
        config["root"] = ["path": "rootfs"]
        config["process.user"] = ["uid": 0, "gid": 0]
        config["process.env"] = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        config["process.cwd"] = "/"
        config.script = script
        for set in ["bounding", "effective", "permitted"] {
            config["process.capabilities.\(set)"] = .strings(standardCapabilities)
        }
        config.addStandardMounts()
        config["linux.namespaces"] = [
            ["type": "mount"], ["type": "network"], ["type": "uts"], ["type": "pid"], ["type": "ipc"],
        ]
        config["linux.cgroupsPath"] = .string(cgroup)
        config["linux.maskedPaths"] = .strings(maskedPaths)
        config["linux.readonlyPaths"] = .strings(readonlyPaths)
        return config
    }

    private mutating func addStandardMounts() {
        mount("proc", on: "/proc", "nosuid", "noexec", "nodev")
        mount("tmpfs", on: "/dev", "nosuid", "strictatime", "mode=755", "size=65536k")
        mount(
            "devpts", on: "/dev/pts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")
        mount("sysfs", on: "/sys", "nosuid", "noexec", "nodev", "ro")
        mount("cgroup", on: "/sys/fs/cgroup", "ro", "nosuid", "noexec", "nodev")
        mount("mqueue", on: "/dev/mqueue", "nosuid", "noexec", "nodev")
        mount("tmpfs", on: "/dev/shm", from: "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=67108864")
    }
}
