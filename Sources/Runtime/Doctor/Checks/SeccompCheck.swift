internal import Linux

/// Whether system calls can be filtered.
struct SeccompCheck: HostCheck {
    func findings(on host: some Host) -> [Finding] {
        // The bad address is noticed only by a kernel that would have read a filter there.
        guard host.answer(to: .seccompFilter) != .badAddress else {
            return [.ok("seccomp", "filters of system calls")]
        }
        return [
            .missing(
                "seccomp", "no filters of system calls", essential: true,
                cost: "only containers without a filter start: --security-opt seccomp=unconfined",
                remedy: "boot a kernel with CONFIG_SECCOMP_FILTER")
        ]
    }
}
