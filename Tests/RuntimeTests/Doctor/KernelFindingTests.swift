import Linux
import Testing

@testable import Runtime

@Suite("What the doctor says of a kernel")
struct KernelFindingTests {
    private var host = FakeDoctorHost.complete

    @Test(
        arguments: [
            ("6.1.0-50-amd64\n", "ok kernel: Linux 6.1.0-50-amd64"),
            ("5.12.0", "warning kernel: Linux 5.12.0, without cgroup.kill, cpu.max.burst, memory.peak"),
            ("5.15.0", "warning kernel: Linux 5.15.0, without memory.peak"),
            (
                "5.10.0-32-amd64",
                "warning kernel: Linux 5.10.0-32-amd64, without cgroup.kill, cpu.max.burst, memory.peak"
            ),
            ("5.4.0-1", "missing! kernel: Linux 5.4.0-1; 5.10 is the oldest that will do"),
            ("none", "warning kernel: of no version that is understood: \"none\""),
        ])
    mutating func itsVersionDecides(release: String, verdict: String) {
        host.files["/proc/sys/kernel/osrelease"] = release
        #expect(KernelCheck().verdicts(on: host) == [verdict])
    }

    @Test mutating func aCallThatIsNotThereIsOneToStartNothingWithout() {
        #expect(
            SystemCallCheck().verdicts(on: host) == [
                "ok system calls: clone3 openat2 fsopen open_tree move_mount mount_setattr pivot_root"
            ])
        host.answers[.mountSetAttributes] = .notImplemented
        host.answers[.openFileSystem] = .operationNotPermitted
        #expect(
            SystemCallCheck().verdicts(on: host) == [
                "warning system calls: not there: mount_setattr", "missing! system calls: forbidden: fsopen",
            ])
    }

    @Test mutating func mountsAreForbiddenToOrdinaryUsersAsAMatterOfCourse() {
        host.user = 1000
        host.answers[.openFileSystem] = .operationNotPermitted
        #expect(SystemCallCheck().verdicts(on: host).allSatisfy { $0.hasPrefix("ok ") })
    }

    @Test mutating func aFilterIsThereWhereItsAddressIsRead() {
        #expect(SeccompCheck().verdicts(on: host) == ["ok seccomp: filters of system calls"])
        host.answers[.seccompFilter] = .invalidArgument
        #expect(SeccompCheck().verdicts(on: host) == ["missing! seccomp: no filters of system calls"])
    }

    @Test mutating func namespacesThatAreNotThereOrSwitchedOffAreNamed() {
        #expect(NamespaceCheck().verdicts(on: host) == ["ok namespaces: uts pid mount ipc cgroup network user time"])
        host.files["/proc/self/ns/time"] = nil
        host.files["/proc/sys/user/max_user_namespaces"] = "0\n"
        host.files["/proc/sys/user/max_mnt_namespaces"] = "0\n"
        #expect(
            NamespaceCheck().verdicts(on: host) == [
                "ok namespaces: uts pid ipc cgroup network",
                "missing! namespaces: mount namespaces are switched off: /proc/sys/user/max_mnt_namespaces is 0",
                "missing namespaces: user namespaces are switched off: /proc/sys/user/max_user_namespaces is 0",
                "missing namespaces: no time namespaces in this kernel",
            ])
    }

    @Test mutating func anOverlayMayBeAModule() {
        #expect(OverlayCheck().verdicts(on: host) == ["ok overlayfs: there"])
        host.files["/proc/filesystems"] = "\text4\n"
        #expect(
            OverlayCheck().verdicts(on: host) == [
                "warning overlayfs: not loaded, and nothing tells whether it can be"
            ])
        host.files["/lib/modules/6.1.0-50-amd64/modules.builtin"] = "kernel/fs/ext4/ext4.ko\n"
        host.files["/lib/modules/6.1.0-50-amd64/modules.dep"] = "kernel/fs/overlayfs/overlay.ko.xz:\n"
        #expect(OverlayCheck().verdicts(on: host) == ["ok overlayfs: there, as a module"])
        host.files["/lib/modules/6.1.0-50-amd64/modules.dep"] = "kernel/a.ko: kernel/overlay.ko\n"
        #expect(OverlayCheck().verdicts(on: host) == ["missing overlayfs: not in this kernel"])
    }

    @Test mutating func networksTakeModulesAndAProgram() {
        #expect(NetworkCheck().verdicts(on: host) == ["ok networks: veth bridge nf_tables nft"])
        host.files["/sys/module/nf_tables/refcnt"] = nil
        host.files["/lib/modules/6.1.0-50-amd64/modules.builtin"] = "kernel/net/netfilter/nf-tables.ko\n"
        #expect(NetworkCheck().verdicts(on: host) == ["ok networks: veth bridge nf_tables nft"])
        host.files["/sys/module/veth/refcnt"] = nil
        host.files["/lib/modules/6.1.0-50-amd64/modules.dep"] = ""
        host.executable = []
        #expect(
            NetworkCheck().verdicts(on: host) == [
                "missing networks: no veth in this kernel", "missing networks: no program nft",
            ])
    }

    @Test mutating func aSecurityModuleIsNamed() {
        #expect(SecurityModuleCheck().verdicts(on: host) == ["ok security module: AppArmor"])
        host.files["/sys/module/apparmor/parameters/enabled"] = "N\n"
        #expect(
            SecurityModuleCheck().verdicts(on: host) == [
                "warning security module: neither AppArmor nor SELinux is active"
            ])
        host.files["/sys/fs/selinux/enforce"] = "0"
        #expect(SecurityModuleCheck().verdicts(on: host) == ["ok security module: SELinux, which only warns"])
    }
}
