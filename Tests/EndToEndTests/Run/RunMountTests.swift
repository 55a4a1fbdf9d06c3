import Linux
import Testing

@Suite("The mounts of gocker run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunMountTests {
    @Test func areExactlyThese() throws {
        // Where it is mounted, its options, and its type. See proc(5).
        let script = "sed 's/ - / /' /proc/self/mountinfo | cut -d' ' -f5,6,7"
        let mounts = try Program.gocker.inside(script: script).lines
        // Each device is a mount of its own: /dev itself has `nodev`.
        let devices = ["null", "zero", "full", "random", "urandom", "tty"].map { "/dev/\($0) rw,nosuid,noexec tmpfs" }
        #expect(mounts.dropFirst().filter { devices.contains($0) } == devices)
        let rest = mounts.dropFirst().filter { !devices.contains($0) }
        #expect(
            Array(rest.prefix(6)) == [
                "/proc rw,nosuid,nodev,noexec,relatime proc", "/dev rw,nosuid,nodev,noexec tmpfs",
                "/dev/pts rw,nosuid,noexec,relatime devpts", "/dev/shm rw,nosuid,nodev,noexec,relatime tmpfs",
                "/dev/mqueue rw,nosuid,nodev,noexec,relatime mqueue", "/sys ro,nosuid,nodev,noexec,relatime sysfs",
            ])
        let others = rest.dropFirst(6).map { String($0.prefix { $0 != " " }) }
        let hidden = [
            "/proc/acpi", "/proc/asound", "/proc/bus", "/proc/fs", "/proc/interrupts", "/proc/irq", "/proc/kcore",
            "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/sys", "/proc/sysrq-trigger",
            "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/cgroup",
        ]
        #expect(others.contains("/proc/sys"))
        #expect(others.filter { !hidden.contains($0) } == [])
    }

    @Test func showNoPathOfTheHostWithAnOverlay() throws {
        let outcome = try Program.gocker.inside("--overlay", script: "cat /proc/self/mountinfo /proc/mounts")
        #expect(outcome.exitCode == 0)
        #expect(!outcome.output.contains(TestFiles.rootfs))
        #expect(!outcome.output.contains("/tmp"))
    }

    @Test func areNotSharedWithTheHost() throws {
        let outcome = try Program.gocker.inside(script: "grep -c -E 'shared:|master:' /proc/self/mountinfo")
        #expect(outcome.output == "0\n")
    }

    @Test(arguments: ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/interrupts", "/proc/scsi", "/proc/acpi"])
    func hideWhatTellsOfTheHost(path: String) throws {
        let script = "if [ -d \(path) ]; then ls -A \(path); elif [ -e \(path) ]; then cat \(path); fi"
        let outcome = try Program.gocker.inside(script: script)
        #expect(outcome.exitCode == 0)
        #expect(outcome.output == "")
    }

    @Test(arguments: [
        "/proc/sys/kernel/hostname", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches",
        "/proc/irq/default_smp_affinity", "/sys/kernel/uevent_helper", "/sys/kernel/mm/ksm/run",
    ])
    func keepTheKernelsSettingsFromBeingChanged(path: String) throws {
        // Opened for appending: nothing would be changed even where it could be.
        let outcome = try Program.gocker.inside(script: "[ -e \(path) ] || exit 7; : >> \(path)")
        if outcome.exitCode == 7 { return }
        #expect(outcome.exitCode != 0)
        #expect(outcome.errors.contains("Read-only file system"))
    }

    @Test func cannotBeChangedFromInside() throws {
        let script = "mount -o remount,rw /sys; umount /proc/sys; mount -t tmpfs none /mnt"
        let outcome = try Program.gocker.inside(script: script + "; : >> /proc/sys/kernel/hostname")
        #expect(outcome.errors.split(separator: "\n").count == 4)
        #expect(outcome.exitCode != 0)
    }
}
