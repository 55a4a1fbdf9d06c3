import Linux

@testable import Runtime

/// A host that is as a test says.
struct FakeDoctorHost: Host {
    var user: UInt32 = 0
    var boundingSet = CapabilitySet.all
    /// What files say. They and the directories above them exist.
    var files: [String: String] = [:]
    var kinds: [String: FileSystemKind] = [:]
    var writable: Set<String> = []
    var executable: Set<String> = []
    var privileged: Set<String> = []
    var space: ByteCount?
    var answers: [KernelCall: Errno] = [:]
    var variables: [String: String] = [:]

    /// One that lacks nothing.
    static var complete: FakeDoctorHost {
        var host = FakeDoctorHost()
        host.files["/proc/sys/kernel/osrelease"] = "6.1.0-50-amd64\n"
        for name in ["uts", "pid", "mnt", "ipc", "cgroup", "net", "user", "time"] {
            host.files["/proc/self/ns/\(name)"] = ""
            host.files["/proc/sys/user/max_\(name)_namespaces"] = "15000\n"
        }
        for call in KernelCall.allCases { host.answers[call] = .invalidArgument }
        host.answers[.seccompFilter] = .badAddress
        host.files["/proc/filesystems"] = "nodev\tproc\nnodev\toverlay\n\text4\n"
        host.kinds["/sys/fs/cgroup"] = .cgroup2
        host.files["/sys/fs/cgroup/cgroup.controllers"] = "cpuset cpu io memory hugetlb pids rdma misc\n"
        host.files["/proc/self/cgroup"] = "0::/user.slice/shell.scope\n"
        host.files["/run/systemd/system/x"] = ""
        for module in ["veth", "bridge", "nf_tables"] { host.files["/sys/module/\(module)/refcnt"] = "0\n" }
        host.executable = ["/usr/sbin/nft", "/usr/bin/newuidmap", "/usr/bin/newgidmap"]
        host.privileged = ["/usr/bin/newuidmap", "/usr/bin/newgidmap"]
        host.files["/sys/module/apparmor/parameters/enabled"] = "Y\n"
        host.files["/run/x"] = ""
        host.writable = ["/run", "/sys/fs/cgroup"]
        host.space = .gibibytes(10)
        return host
    }

    /// The same for an ordinary user to whom everything was passed on.
    static var completeForUser: FakeDoctorHost {
        var host = complete
        host.user = 1000
        host.files["/etc/passwd"] = "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n"
        host.files["/etc/subuid"] = "ada:100000:65536\n"
        host.files["/etc/subgid"] = "1000:100000:65536\n"
        let own = "/sys/fs/cgroup/user.slice/shell.scope"
        host.files["\(own)/cgroup.controllers"] = "cpuset cpu io memory pids\n"
        host.writable.formUnion([own, "\(own)/cgroup.procs", "\(own)/cgroup.subtree_control"])
        return host
    }

    func text(_ path: String) -> String? { files[path] }
    func exists(_ path: String) -> Bool {
        path == "/" || files.keys.contains { $0 == path || $0.hasPrefix(path + "/") }
    }
    func kind(_ path: String) -> FileSystemKind? { kinds[path] }
    func isWritable(_ path: String) -> Bool { writable.contains(path) }
    func isExecutable(_ path: String) -> Bool { executable.contains(path) }
    func isPrivileged(_ path: String) -> Bool { privileged.contains(path) }
    func freeSpace(_ path: String) -> ByteCount? { space }
    func answer(to call: KernelCall) -> Errno? { answers[call] }
    func variable(_ name: String) -> String? { variables[name] }
}

extension HostCheck {
    /// `missing! kernel: Linux 5.4`, the mark being for what `gocker run` cannot do without.
    func verdicts(on host: FakeDoctorHost) -> [String] {
        findings(on: host).map { "\($0.verdict.rawValue)\($0.isEssential ? "!" : "") \($0.name): \($0.text)" }
    }
}
