/// Whether systemd is there to be asked for cgroups. See sd_booted(3).
struct SystemdCheck: HostCheck {
    func findings(on host: some Host) -> [Finding] {
        guard !host.exists("/run/systemd/system") else { return [.ok("systemd", "runs")] }
        return [
            .warning(
                "systemd", "does not run", cost: "--systemd-cgroup is refused",
                remedy: "leave it out: Gocker makes the cgroups itself (with engines, the cgroupfs manager)")
        ]
    }
}
