import Linux
import Testing

@Suite("Standard mounts", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct StandardMountTests {
    /// config-linux.md, Default Filesystems: each of its type.
    @Test(
        arguments: [
            ("/proc", "proc"), ("/sys", "sysfs"), ("/dev", "tmpfs"), ("/dev/pts", "devpts"), ("/dev/shm", "tmpfs"),
            ("/dev/mqueue", "mqueue"),
        ]) func areThere(place: String, type: String) throws
    {
        let lines = try Container.lines(
            "awk '$5 == \"\(place)\"' /proc/self/mountinfo | sed 's/.* - //' | cut -d ' ' -f 1")
        #expect(lines == [type])
    }

    @Test func ofCgroupsShowTheContainersOwn() throws {
        let lines = try Container.lines(
            """
            for f in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do [ -e $f ] && cat $f; done | sort -u
            grep -c ' /sys/fs/cgroup' /proc/self/mountinfo
            """)
        #expect(lines.contains("1"), "\(lines)")
        #expect((Int(lines.last ?? "") ?? 0) >= 1)
    }

    @Test func ofCgroupsAreReadOnlyWhereSaid() throws {
        let lines = try Container.lines("grep ' - cgroup' /proc/self/mountinfo | cut -d ' ' -f 5,6")
        #expect(lines.allSatisfy { $0.contains(" ro,") || $0.hasSuffix(" ro") }, "\(lines)")
    }
}
