internal import Linux

/// Whether the kernel is new enough, and what a newer one would bring.
struct KernelCheck: HostCheck {
    /// What came after the oldest kernel that will do, and what there is without it.
    private static let later: [(since: KernelVersion, name: String, without: String)] = [
        (
            KernelVersion(major: 5, minor: 14), "cgroup.kill",
            "a container without a PID namespace of its own is killed process by process"
        ),
        (KernelVersion(major: 5, minor: 14), "cpu.max.burst", "a burst of processor time cannot be granted"),
        (KernelVersion(major: 5, minor: 19), "memory.peak", "statistics do not say how much memory was used at most"),
    ]

    func findings(on host: some Host) -> [Finding] {
        guard let version = KernelVersion(host.release) else {
            return [
                .warning(
                    "kernel", "of no version that is understood: \"\(host.release)\"",
                    cost: "nothing is known about what it can do",
                    remedy: "compare with Linux \(RuntimeError.oldestKernel), the oldest that will do")
            ]
        }
        guard version >= RuntimeError.oldestKernel else {
            return [
                .missing(
                    "kernel", "Linux \(host.release); \(RuntimeError.oldestKernel) is the oldest that will do",
                    essential: true, cost: "no container starts", remedy: "boot a newer kernel")
            ]
        }
        let lacking = Self.later.filter { version < $0.since }
        guard let newest = lacking.map(\.since).max() else { return [.ok("kernel", "Linux \(host.release)")] }
        return [
            .warning(
                "kernel", "Linux \(host.release), without \(lacking.map(\.name).joined(separator: ", "))",
                cost: lacking.map(\.without).joined(separator: "; "), remedy: "boot Linux \(newest) or newer")
        ]
    }
}
