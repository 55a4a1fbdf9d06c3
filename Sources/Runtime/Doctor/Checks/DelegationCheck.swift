internal import Linux

/// Whether an ordinary user's own cgroup is left to it. See cgroups(7), "Cgroups delegation".
struct DelegationCheck: HostCheck {
    private static let remedy =
        "let systemd make them (--systemd-cgroup), or start gocker with systemd-run --user --scope -p Delegate=yes"

    func findings(on host: some Host) -> [Finding] {
        guard !host.isRoot else { return [] }
        let cost = "containers of yours cannot be limited, counted or paused"
        let layout = CgroupLayout.detect(kind: { host.kind($0) }, read: { host.text($0) })
        guard let unified = layout.unified, layout.hierarchies.isEmpty else {
            return [
                .missing(
                    "delegation", "version 1 of cgroups is root's", cost: cost,
                    remedy: "boot with systemd.unified_cgroup_hierarchy=1")
            ]
        }
        guard let own = Self.own(in: host.text("/proc/self/cgroup") ?? "") else {
            return [.missing("delegation", "no cgroup of our own to be found", cost: cost, remedy: Self.remedy)]
        }
        let directory = unified.path + own
        let files = ["", "/cgroup.procs", "/cgroup.subtree_control"]
        guard files.allSatisfy({ host.isWritable(directory + $0) }) else {
            return [.missing("delegation", "\(own) is not ours to change", cost: cost, remedy: Self.remedy)]
        }
        let passed = (host.text("\(directory)/cgroup.controllers") ?? "").split { $0.isWhitespace }
        let lacking = unified.controllers.map(\.unifiedName).filter { name in
            ["cpu", "cpuset", "io", "memory", "pids"].contains(name) && !passed.contains { $0 == name }
        }
        guard lacking.isEmpty else {
            return [
                .warning(
                    "delegation", "\(own), without \(lacking.joined(separator: " "))",
                    cost: "containers of yours cannot be limited by these",
                    remedy: "a drop-in for user@.service with [Service] Delegate=\(lacking.joined(separator: " "))")
            ]
        }
        return [.ok("delegation", "\(own) with \(passed.joined(separator: " "))")]
    }

    /// The path in the unified hierarchy: `0::/user.slice/…`.
    private static func own(in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix("0::/") }.map { String($0.dropFirst(3)) }
    }
}
