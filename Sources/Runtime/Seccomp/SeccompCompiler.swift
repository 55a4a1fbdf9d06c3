internal import CSeccomp
internal import Linux

/// Compiles a profile, with the help of libseccomp, which knows each architecture's numbers and calling conventions.
struct SeccompCompiler: ~Copyable {
    private let context: scmp_filter_ctx
    private let spec: SeccompSpec

    private init(_ spec: SeccompSpec) throws(SeccompError) {
        guard let context = seccomp_init(try spec.defaultAction.returnValue()) else {
            throw .library("the default action", .invalidArgument)
        }
        self.context = context
        self.spec = spec
    }

    deinit {
        seccomp_release(context)
    }

    /// The filter for `spec`, as short as it gets: the shorter, the faster the kernel has it ready.
    static func compile(_ spec: SeccompSpec) throws(SeccompError) -> SeccompFilter {
        let flags = try flags(spec.flags)
        var instructions = try shortProgram(spec)
        if instructions.isEmpty { instructions = try libraryProgram(spec) }
        guard instructions.count <= 4096 else { throw .tooLong(instructions.count) }
        return SeccompFilter(instructions, flags: flags)
    }

    /// - Returns: nothing where libseccomp's is not understood.
    static func shortProgram(_ spec: SeccompSpec) throws(SeccompError) -> [BPFInstruction] {
        let plain = try PlainCalls(of: spec)
        guard var table = SystemCallTable(try libraryProgram(plain.rest)), try plain.add(to: &table) else { return [] }
        return table.program()
    }

    /// The program as libseccomp writes it.
    static func libraryProgram(_ spec: SeccompSpec) throws(SeccompError) -> [BPFInstruction] {
        let compiler = try SeccompCompiler(spec)
        // no_new_privs is the init program's own step.
        _ = seccomp_attr_set(compiler.context, SCMP_FLTATR_CTL_NNP, 0)
        // A binary tree by number; versions that do not have it compare one by one.
        _ = seccomp_attr_set(compiler.context, SCMP_FLTATR_CTL_OPTIMIZE, 2)
        try compiler.addArchitectures()
        for rule in spec.rules { try compiler.add(rule) }
        return try compiler.export()
    }

    private static func flags(_ names: [String]) throws(SeccompError) -> UInt32 {
        var flags: UInt32 = 0
        for name in names {
            switch name {
            case "SECCOMP_FILTER_FLAG_TSYNC": flags |= 1
            case "SECCOMP_FILTER_FLAG_LOG": flags |= 2
            case "SECCOMP_FILTER_FLAG_SPEC_ALLOW": flags |= 4
            default: throw .profile("unknown flag \"\(name)\"")
            }
        }
        return flags
    }

    /// The architectures that a profile is for, as libseccomp names them. The native one is always there: without it the
    /// payload could not make a single call.
    static func architectures(of spec: SeccompSpec) throws(SeccompError) -> [UInt32] {
        var tokens = [seccomp_arch_native()]
        for name in spec.architectures {
            let prefix = "SCMP_ARCH_"
            let token =
                name.hasPrefix(prefix) ? seccomp_arch_resolve_name(name.dropFirst(prefix.count).lowercased()) : 0
            guard token != 0 else { throw .profile("unknown architecture \"\(name)\"") }
            if !tokens.contains(token) { tokens.append(token) }
        }
        return tokens
    }

    private borrowing func addArchitectures() throws(SeccompError) {
        for token in try Self.architectures(of: spec) where seccomp_arch_exist(context, token) != 0 {
            try Self.check(seccomp_arch_add(context, token), "an architecture")
        }
    }

    private borrowing func add(_ rule: SeccompSpec.Rule) throws(SeccompError) {
        // It would change nothing, and libseccomp calls it an error.
        guard rule.action != spec.defaultAction else { return }
        let action = try rule.action.returnValue()
        var comparisons: [scmp_arg_cmp] = []
        for argument in rule.arguments { comparisons.append(try argument.libraryComparison()) }
        for name in rule.names {
            let number = seccomp_syscall_resolve_name(name)
            // A profile names the calls of all architectures and of kernels to come.
            guard number != __NR_SCMP_ERROR else { continue }
            if Self.comparesTwice(rule.arguments) {
                // libseccomp takes one comparison for each argument: like other runtimes, we let any of them suffice.
                for comparison in comparisons {
                    try Self.check(seccomp_rule_add_array(context, action, number, 1, [comparison]), name)
                }
            } else {
                let count = UInt32(comparisons.count)
                try Self.check(seccomp_rule_add_array(context, action, number, count, comparisons), name)
            }
        }
    }

    private static func comparesTwice(_ arguments: [SeccompSpec.Argument]) -> Bool {
        var seen: UInt32 = 0
        for argument in arguments {
            let bit = UInt32(1) << argument.index
            if seen & bit != 0 { return true }
            seen |= bit
        }
        return false
    }

    private borrowing func export() throws(SeccompError) -> [BPFInstruction] {
        do {
            let file = try FileDescriptor.inMemory(named: "seccomp")
            try Self.check(seccomp_export_bpf(context, file.number), "the profile")
            // Opened again, because this one's position is at the end.
            return BPFInstruction.program(try file.reopen().readAll())
        } catch let error as SystemError {
            throw .system(error)
        } catch let error as SeccompError {
            throw error
        } catch {
            throw .library("the profile", .inputOutput)
        }
    }

    private static func check(_ result: CInt, _ step: String) throws(SeccompError) {
        if result < 0 { throw .library(step, Errno(rawValue: -result)) }
    }
}

extension SeccompCompiler {
    /// Whether libseccomp has a name for a number of the native architecture.
    static func knows(_ number: UInt32) -> Bool {
        guard let name = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), CInt(number)) else { return false }
        free(name)
        return true
    }

    /// The version of libseccomp, for example 2, 5 and 4.
    static var libraryVersion: [UInt32] {
        guard let version = seccomp_version()?.pointee else { return [] }
        return [version.major, version.minor, version.micro]
    }

    /// The architecture that profiles mean where they name none.
    static var nativeArchitecture: UInt32 { seccomp_arch_native() }
}

extension SeccompSpec.Action {
    /// What a filter returns for it: `SECCOMP_RET_…` of seccomp(2), which are libseccomp's numbers too.
    func returnValue() throws(SeccompError) -> UInt32 {
        switch self {
        case .killProcess: return 0x8000_0000
        case .killThread: return 0
        case .trap: return 0x0003_0000
        case .errno(let number): return 0x0005_0000 | UInt32(number)
        case .trace(let number): return 0x7FF0_0000 | UInt32(number)
        case .log: return 0x7FFC_0000
        case .allow: return 0x7FFF_0000
        case .notify: throw .profile("SCMP_ACT_NOTIFY asks a listener, which is not acted on")
        }
    }
}

extension SeccompSpec.Argument {
    fileprivate func libraryComparison() throws(SeccompError) -> scmp_arg_cmp {
        guard index < 6 else { throw .profile("a system call has no argument \(index)") }
        let operation: scmp_compare =
            switch comparison {
            case .notEqual: SCMP_CMP_NE
            case .less: SCMP_CMP_LT
            case .lessOrEqual: SCMP_CMP_LE
            case .equal: SCMP_CMP_EQ
            case .greaterOrEqual: SCMP_CMP_GE
            case .greater: SCMP_CMP_GT
            case .maskedEqual: SCMP_CMP_MASKED_EQ
            }
        return scmp_arg_cmp(arg: index, op: operation, datum_a: value, datum_b: secondValue)
    }
}
