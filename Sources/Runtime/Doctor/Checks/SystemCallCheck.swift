internal import Linux

/// Whether the calls that containers are made with are there: the kernel has them, and nobody keeps them from the caller.
struct SystemCallCheck: HostCheck {
    private static let calls: [KernelCall] = [
        .clone3, .openat2, .openFileSystem, .openTree, .moveMount, .mountSetAttributes, .pivotRoot,
    ]

    func findings(on host: some Host) -> [Finding] {
        let missing = Self.calls.filter { host.answer(to: $0) == .notImplemented }
        // There is another way for this one.
        let unknown = missing.filter { $0 != .mountSetAttributes }
        // To an ordinary user mounts are forbidden in any case.
        let mayMount = host.isRoot && host.boundingSet.contains(.sysAdmin)
        let forbidden = Self.calls.filter { mayMount && host.answer(to: $0) == .operationNotPermitted }
        var findings: [Finding] = []
        if unknown.isEmpty, forbidden.isEmpty {
            findings.append(.ok("system calls", Self.list(Self.calls.filter { !missing.contains($0) })))
        }
        if missing != unknown {
            findings.append(
                .warning(
                    "system calls", "not there: mount_setattr", cost: "the owners of files on a mount cannot be mapped",
                    remedy: "boot Linux 5.12 or newer"))
        }
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
