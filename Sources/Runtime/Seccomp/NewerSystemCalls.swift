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
    /// Marks a call of the x32 convention of x86-64.
    private static let x32Bit: UInt32 = 0x4000_0000
    private static let noSuchCall = SeccompSpec.Action.errno(38)  // ENOSYS

    /// Gives `table`, made by libseccomp from `spec`, the calls that libseccomp does not know.
    static func add(to table: inout SystemCallTable, as spec: SeccompSpec) {
        var bases: [UInt32] = [0]
        if spec.architectures.contains("SCMP_ARCH_X32") { bases.append(x32Bit) }
        for architecture in table.architectures where alike.contains(architecture.token) {
            for base in bases where base == 0 || architecture.token == x86 {
                for (name, number) in numbers where !SeccompCompiler.knows(name) {
                    guard let action = action(of: name, in: spec), let value = try? action.returnValue() else {
                        continue
                    }
                    table.set(base + number...base + number, on: architecture.token, to: .returns(value))
                }
                guard case .errno = spec.defaultAction, let value = try? noSuchCall.returnValue() else { continue }
                table.set(base + firstUnknown...base + 0xFFFF, on: architecture.token, to: .returns(value))
            }
        }
        guard !SeccompCompiler.knows("uretprobe"), let action = action(of: "uretprobe", in: spec),
            let value = try? action.returnValue()
        else { return }
        table.set(returnProbe...returnProbe, on: x86, to: .returns(value))
    }

    /// What a profile says of a call, where that does not depend on arguments.
    private static func action(of name: String, in spec: SeccompSpec) -> SeccompSpec.Action? {
        spec.rules.first { $0.arguments.isEmpty && $0.names.contains(name) }?.action
    }

    /// The first number that neither libseccomp nor we have a name for.
    private static var firstUnknown: UInt32 {
        var number = (numbers.last?.number ?? 0) + 1
        while SeccompCompiler.knows(number) { number += 1 }
        return number
    }
}
