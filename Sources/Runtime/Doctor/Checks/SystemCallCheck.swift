internal import Linux

/// Whether the calls that containers are made with are there: the kernel has them, and nobody keeps them from the caller.
struct SystemCallCheck: HostCheck {
    private static let calls: [KernelCall] = [
        .clone3, .openat2, .openFileSystem, .openTree, .moveMount, .mountSetAttributes,
    ]

    func findings(on host: some Host) -> [Finding] {
        let unknown = Self.calls.filter { host.answer(to: $0) == .notImplemented }
        // To an ordinary user mounts are forbidden in any case.
        let mayMount = host.isRoot && host.boundingSet.contains(.sysAdmin)
        let forbidden = Self.calls.filter { mayMount && host.answer(to: $0) == .operationNotPermitted }
        guard !unknown.isEmpty || !forbidden.isEmpty else {
            return [.ok("system calls", Self.list(Self.calls))]
        }
        var findings: [Finding] = []
        if !unknown.isEmpty {
            findings.append(
                .missing(
                    "system calls", "not there: \(Self.list(unknown))", essential: true, cost: "no container starts",
                    remedy: "boot a newer kernel; in a container, give that one a seccomp profile that knows them"))
        }
        if !forbidden.isEmpty {
            findings.append(
                .missing(
                    "system calls", "forbidden: \(Self.list(forbidden))", essential: true, cost: "no container starts",
                    remedy: "in a container, give that one a seccomp profile that allows them"))
        }
        return findings
    }

    private static func list(_ calls: [KernelCall]) -> String { calls.map(\.rawValue).joined(separator: " ") }
}
