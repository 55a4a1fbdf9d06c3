/// Whether the caller may make a container at all.
struct CallerCheck: HostCheck {
    func findings(on host: some Host) -> [Finding] {
        guard !host.isRoot else { return [.ok("user", "root")] }
        return [
            .missing(
                "user", "user \(host.user), not root", essential: true,
                cost: "gocker run refuses to work; only bundles with a user namespace of their own can be tried",
                remedy: "run it with sudo")
        ]
    }
}
