/// Calls that are younger than libseccomp may be.
///
/// A C library that tries a new call and gets `EPERM` gives up; on `ENOSYS` it does what it did before there was such a
/// call. So a profile that answers what it does not list by an error answers `ENOSYS` where it cannot have known better.
enum NewerSystemCalls {
    /// Their numbers, which are the same on all architectures since 424. See the kernel's scripts/syscall.tbl.
    static let numbers: [(name: String, number: UInt32)] = [
        ("cachestat", 451), ("fchmodat2", 452), ("map_shadow_stack", 453), ("futex_wake", 454), ("futex_wait", 455),
        ("futex_requeue", 456), ("statmount", 457), ("listmount", 458), ("lsm_get_self_attr", 459),
        ("lsm_set_self_attr", 460), ("lsm_list_modules", 461), ("mseal", 462), ("setxattrat", 463),
        ("getxattrat", 464), ("listxattrat", 465), ("removexattrat", 466), ("open_tree_attr", 467),
        ("file_getattr", 468), ("file_setattr", 469), ("listns", 470),
    ]

    /// Made by the kernel in the name of a program that it watches: see arch/x86/entry/syscalls/syscall_64.tbl.
    private static let returnProbe: UInt32 = 335

    /// `AUDIT_ARCH_…` of the architectures that number new calls alike: all but MIPS, which adds thousands, and a few
    /// that are no more.
    private static let alike: [UInt32] = [
        x86, 0x4000_0003, 0xC000_00B7, 0x4000_0028, 0xC000_00F3, 0xC000_0015, 0x8000_0016, 0x16, 0xC000_0102,
    ]
    private static let x86: UInt32 = 0xC000_003E
    /// libseccomp's name for the x32 convention of x86-64, which programs do not tell apart.
    private static let x32: UInt32 = 0x4000_003E
    /// Marks a call of that convention.
    private static let x32Bit: UInt32 = 0x4000_0000
    static let noSuchCall = SeccompSpec.Action.errno(38)  // ENOSYS

    /// Nil for one that is not newer.
    static func number(of name: String) -> UInt32? {
        name == "uretprobe" ? returnProbe : numbers.first { $0.name == name }?.number
    }

    /// - Parameter architecture: as libseccomp names it.
    static func number(of name: String, on architecture: UInt32) -> UInt32? {
        if name == "uretprobe" { return architecture == x86 ? returnProbe : nil }
        return base(on: architecture).flatMap { base in number(of: name).map { base + $0 } }
    }

    /// The numbers that neither libseccomp nor we have a name for.
    static func unknown(on architecture: UInt32) -> [Range<UInt32>] {
        guard let base = base(on: architecture) else { return [] }
        let first = firstUnknown
        guard architecture == x32 else { return [base + first..<base + 0x1_0000] }
        // Some of its calls have numbers of their own.
        return [base + first..<base + max(first, 512), base + max(first, 548)..<base + 0x1_0000]
    }

    /// How programs name an architecture.
    static func auditToken(of architecture: UInt32) -> UInt32 { architecture == x32 ? x86 : architecture }

    /// Where an architecture begins to count.
    private static func base(on architecture: UInt32) -> UInt32? {
        if architecture == x32 { return x32Bit }
        return alike.contains(architecture) ? 0 : nil
    }

    private static let firstUnknown: UInt32 = {
        var number = (numbers.last?.number ?? 0) + 1
        while SeccompCompiler.knows(number) { number += 1 }
        return number
    }()
}
