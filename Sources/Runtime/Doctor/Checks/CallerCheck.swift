/// Whether the caller may make a container at all.
struct CallerCheck: HostCheck {
    func findings(on host: some Host) -> [Finding] {
        guard !host.isRoot else { return [.ok("user", "root")] }
        return [
            .warning(
                "user", "user \(host.user), not root",
                cost: "containers are root in a user namespace only, and their limits on resources are refused",
                remedy: "run it with sudo where that matters")
        ]
    }
}
