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

/// A set of capabilities.
public struct CapabilitySet: Hashable, Sendable, ExpressibleByArrayLiteral {
    /// One bit per capability, as in `/proc/PID/status`.
    public let mask: UInt64

    public init(mask: UInt64) {
        self.mask = mask
    }

    public init(arrayLiteral elements: Capability...) {
        mask = elements.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }

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

/// Sets the effective and permitted sets of the calling thread and empties the inheritable and ambient ones: an
/// inheritable capability would survive a change of user (CVE-2022-29162).
public func setCapabilities(_ capabilities: CapabilitySet) throws(SystemError) {
    try system("capset") { clinux_capset(capabilities.mask, capabilities.mask, 0) }
    try system("clear the ambient capabilities") {
        clinux_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_CLEAR_ALL), 0)
    }
}

/// Whether a change of the user id leaves the permitted capabilities. See prctl(2), PR_SET_KEEPCAPS.
public func setKeepCapabilities(_ keep: Bool) throws(SystemError) {
    try system("prctl", "PR_SET_KEEPCAPS") { clinux_prctl(PR_SET_KEEPCAPS, keep ? 1 : 0, 0) }
}
