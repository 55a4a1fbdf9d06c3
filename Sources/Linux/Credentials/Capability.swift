internal import CLinux

/// A capability of the kernel. See capabilities(7).
public enum Capability: Int, CaseIterable, Hashable, Sendable {
    case chown = 0
    case dacOverride, dacReadSearch, fowner, fsetid, kill, setgid, setuid, setpcap, linuxImmutable, netBindService
    case netBroadcast, netAdmin, netRaw, ipcLock, ipcOwner, sysModule, sysRawio, sysChroot, sysPtrace, sysPacct
    case sysAdmin, sysBoot, sysNice, sysResource, sysTime, sysTtyConfig, mknod, lease, auditWrite, auditControl
    case setfcap, macOverride, macAdmin, syslog, wakeAlarm, blockSuspend, auditRead, perfmon, bpf, checkpointRestore

    /// The kernel's name, e.g. `CAP_SYS_ADMIN`.
    public var name: String {
        "CAP_"
            + "\(self)".reduce(into: "") { name, character in
                if character.isUppercase { name += "_" }
                name += character.uppercased()
            }
    }
}

extension Capability {
    /// Reads the kernel's name, with or without `CAP_`, in any case.
    public init?(name: String) {
        let wanted = name.uppercased()
        let full = wanted.hasPrefix("CAP_") ? wanted : "CAP_\(wanted)"
        guard let capability = Self.allCases.first(where: { $0.name == full }) else { return nil }
        self = capability
    }
}

/// A set of capabilities.
public struct CapabilitySet: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// One bit per capability, as in `/proc/PID/status`.
    public let mask: UInt64

    public init(mask: UInt64) {
        self.mask = mask
    }

    public init(arrayLiteral elements: Capability...) {
        self.init(elements)
    }

    public static let all = CapabilitySet(Capability.allCases)

    public init(_ capabilities: some Sequence<Capability>) {
        mask = capabilities.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }

    public func intersection(_ other: CapabilitySet) -> CapabilitySet { CapabilitySet(mask: mask & other.mask) }

    public func contains(_ capability: Capability) -> Bool {
        mask & (1 << UInt64(capability.rawValue)) != 0
    }
}

extension CapabilitySet: CustomStringConvertible {
    public var description: String {
        let names = Capability.allCases.filter(contains).map(\.name)
        return names.isEmpty ? "none" : names.joined(separator: " ")
    }
}

/// Removes every capability that is not in `kept` from the bounding set of the calling thread, for good.
public func limitBoundingSet(to kept: CapabilitySet) throws(SystemError) {
    for bit in 0..<64 where kept.mask & (1 << UInt64(bit)) == 0 {
        switch attempt({ clinux_prctl(PR_CAPBSET_DROP, UInt(bit), 0) }) {
        case .success: continue
        case .failure(.invalidArgument): return  // beyond the last one this kernel knows
        case .failure(let errno): throw SystemError("drop", "capability \(bit) from the bounding set", errno)
        }
    }
}

/// Sets the effective, permitted, inheritable and ambient sets of the calling thread. Only what is permitted and
/// inheritable can be ambient. See capabilities(7).
public func setCapabilities(
    effective: CapabilitySet, permitted: CapabilitySet, inheritable: CapabilitySet, ambient: CapabilitySet
) throws(SystemError) {
    try system("capset") { clinux_capset(effective.mask, permitted.mask, inheritable.mask) }
    try system("clear the ambient capabilities") {
        clinux_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_CLEAR_ALL), 0)
    }
    for bit in 0..<64 where ambient.mask & (1 << UInt64(bit)) != 0 {
        try system("raise ambient capability", "\(bit)") {
            clinux_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_RAISE), UInt(bit))
        }
    }
}

/// The capabilities that a process started from here can get at most.
public func boundingSet() -> CapabilitySet {
    var mask: UInt64 = 0
    for bit in 0..<64 {
        guard case .success(let isThere) = attempt({ clinux_prctl(PR_CAPBSET_READ, UInt(bit), 0) }) else { break }
        if isThere == 1 { mask |= 1 << UInt64(bit) }
    }
    return CapabilitySet(mask: mask)
}

/// Whether a change of the user id leaves the permitted capabilities. See prctl(2), PR_SET_KEEPCAPS.
public func setKeepCapabilities(_ keep: Bool) throws(SystemError) {
    try system("prctl", "PR_SET_KEEPCAPS") { clinux_prctl(PR_SET_KEEPCAPS, keep ? 1 : 0, 0) }
}
