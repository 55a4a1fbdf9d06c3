internal import Linux

/// Which namespaces can be made. See namespaces(7).
struct NamespaceCheck: HostCheck {
    private static let kinds: [(kind: Namespaces, limit: String, without: String)] = [
        (.hostname, "uts", "no host name of its own"), (.process, "pid", "no process numbers of its own"),
        (.mount, "mnt", "no files of its own"), (.ipc, "ipc", "no System V objects and message queues of its own"),
        (.cgroup, "cgroup", "no cgroups of its own to see"), (.network, "net", "no network of its own"),
        (.user, "user", "no user numbers of its own"), (.time, "time", "no clocks of its own"),
    ]

    func findings(on host: some Host) -> [Finding] {
        var there: [String] = []
        var findings: [Finding] = []
        for (kind, limit, without) in Self.kinds {
            let isEssential = Namespaces.standard.contains(kind)
            let control = "/proc/sys/user/max_\(limit)_namespaces"
            if !host.exists("/proc/self/ns/\(kind.fileName)") {
                findings.append(
                    .missing(
                        "namespaces", "no \(kind) namespaces in this kernel", essential: isEssential, cost: without,
                        remedy:
                            "boot a kernel with CONFIG_\(limit == "mnt" ? "NAMESPACES" : "\(limit.uppercased())_NS")"
                    ))
            } else if host.number(control) == 0 {
                findings.append(
                    .missing(
                        "namespaces", "\(kind) namespaces are switched off: \(control) is 0", essential: isEssential,
                        cost: without, remedy: "sysctl -w user.max_\(limit)_namespaces=10000"))
            } else {
                there.append("\(kind)")
            }
        }
        return [.ok("namespaces", there.joined(separator: " "))] + findings
    }
}
