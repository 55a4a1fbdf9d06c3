/// What networks between containers are made of.
struct NetworkCheck: HostCheck {
    private static let modules: [(module: KernelModule, option: String)] = [
        (KernelModule("veth"), "CONFIG_VETH"), (KernelModule("bridge"), "CONFIG_BRIDGE"),
        (KernelModule("nf_tables"), "CONFIG_NF_TABLES"),
    ]
    private static let cost = "no networks of containers: only the host's, or none"

    func findings(on host: some Host) -> [Finding] {
        var findings = Self.modules.compactMap { module, option -> Finding? in
            switch module.presence(on: host) {
            case .there: nil
            case .absent:
                .missing(
                    "networks", "no \(module.name) in this kernel", cost: Self.cost,
                    remedy: "boot a kernel with \(option), or install its module")
            case .unknown:
                .warning(
                    "networks", "\(module.name) is not loaded, and nothing tells whether it can be", cost: Self.cost,
                    remedy: "modprobe \(module.name), on the host where this is a container")
            }
        }
        if host.program("nft") == nil {
            findings.append(
                .missing("networks", "no program nft", cost: Self.cost, remedy: "install the package nftables"))
        }
        guard findings.isEmpty else { return findings }
        return [.ok("networks", (Self.modules.map(\.module.name) + ["nft"]).joined(separator: " "))]
    }
}
