/// Which security module confines processes by name.
struct SecurityModuleCheck: HostCheck {
    func findings(on host: some Host) -> [Finding] {
        var active: [String] = []
        if host.text("/sys/module/apparmor/parameters/enabled")?.hasPrefix("Y") == true { active.append("AppArmor") }
        if let mode = host.number("/sys/fs/selinux/enforce") {
            active.append(mode == 1 ? "SELinux" : "SELinux, which only warns")
        }
        guard active.isEmpty else { return [.ok("security module", active.joined(separator: ", "))] }
        return [
            .warning(
                "security module", "neither AppArmor nor SELinux is active",
                cost: "bundles that name a profile or a label do not start",
                remedy: "boot with security=apparmor, or security=selinux, where the distribution has it")
        ]
    }
}
