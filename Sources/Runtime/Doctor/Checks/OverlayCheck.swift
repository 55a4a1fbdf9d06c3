internal import Linux

/// Whether a root file system can be left as it is while a container changes it.
struct OverlayCheck: HostCheck {
    private static let cost = "--overlay is refused, and so are services that keep their changes in a layer"

    func findings(on host: some Host) -> [Finding] {
        let isListed = (host.text("/proc/filesystems") ?? "").split { $0.isWhitespace }.contains("overlay")
        let presence = isListed ? .there : KernelModule("overlay").presence(on: host)
        switch presence {
        case .there: break
        case .absent:
            return [
                .missing(
                    "overlayfs", "not in this kernel", cost: Self.cost,
                    remedy: "boot a kernel with CONFIG_OVERLAY_FS, or install its module")
            ]
        case .unknown:
            return [
                .warning(
                    "overlayfs", "not loaded, and nothing tells whether it can be", cost: Self.cost,
                    remedy: "modprobe overlay, on the host where this is a container")
            ]
        }
        let firstForUsers = KernelVersion(major: 5, minor: 11)
        if !host.isRoot, let version = KernelVersion(host.release), version < firstForUsers {
            return [
                .missing(
                    "overlayfs", "for root only", cost: "--overlay is refused without root",
                    remedy: "boot Linux \(firstForUsers) or newer")
            ]
        }
        return [.ok("overlayfs", isListed ? "there" : "there, as a module")]
    }
}
