/// Whether an ordinary user may make user namespaces, which are all the privileges it can have.
struct UnprivilegedNamespaceCheck: HostCheck {
    /// Controls of distributions, the value that forbids, and how to change it.
    private static let controls: [(path: String, forbidding: Int, remedy: String)] = [
        ("/proc/sys/kernel/unprivileged_userns_clone", 0, "sysctl -w kernel.unprivileged_userns_clone=1"),
        (
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1,
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile that allows userns"
        ),
    ]

    func findings(on host: some Host) -> [Finding] {
        guard !host.isRoot else { return [] }
        let forbidding = Self.controls.filter { host.number($0.path) == $0.forbidding }
        guard !forbidding.isEmpty else { return [.ok("user namespaces", "for ordinary users, too")] }
        return forbidding.map { control in
            .missing(
                "user namespaces", "not for ordinary users: \(control.path) is \(control.forbidding)",
                cost: "no container without root", remedy: control.remedy)
        }
    }
}
