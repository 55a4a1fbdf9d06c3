internal import CSeccomp

/// The calls of a profile of which it says one thing, whatever their arguments: nearly all of them.
///
/// libseccomp takes longer for these than a whole container does to start, and all there is to know is their numbers. Left to
/// it are the calls with conditions, those that several rules name, and those that an architecture makes through another
/// call, together with that one (`socketcall` and `ipc` of x86).
struct PlainCalls {
    /// What is left to libseccomp.
    let rest: SeccompSpec
    private let spec: SeccompSpec
    /// As libseccomp names them.
    private let architectures: [UInt32]
    private var calls: [Call] = []

    private struct Call {
        let name: String
        /// Native, or one of libseccomp's negative ones; of those it does not know, that of the kernel, from `newer` on.
        let number: Int64
        /// Where the profile has it.
        let rule: Int
        let place: Int
    }

    private static let newer: Int64 = 1 << 32

    /// Through these others are made: what libseccomp does with the one depends on what it knows of the other.
    private static let multiplexers = ["socketcall", "ipc"]

    init(of spec: SeccompSpec) throws(SeccompError) {
        self.spec = spec
        architectures = try SeccompCompiler.architectures(of: spec)
        var named: [Call] = []
        // What holds anyway is left out by libseccomp, too: it must not outweigh what it makes of `socketcall`.
        for (index, rule) in spec.rules.enumerated() where rule.action != spec.defaultAction {
            for name in rule.names {
                guard let number = Self.number(of: name) else { continue }
                named.append(Call(name: name, number: number, rule: index, place: named.count))
            }
        }
        named.sort { ($0.number, $0.place) < ($1.number, $1.place) }
        var isPlain = [Bool](repeating: false, count: named.count)
        for call in Self.plain(named, spec, architectures) {
            isPlain[call.place] = true
            calls.append(call)
        }
        rest = Self.rest(of: spec, isPlain)
    }

    /// Nil for one that nobody has heard of: a profile names the calls of all architectures and of kernels to come.
    private static func number(of name: String) -> Int64? {
        let number = seccomp_syscall_resolve_name(name)
        guard number == __NR_SCMP_ERROR else { return Int64(number) }
        return NewerSystemCalls.number(of: name).map { newer + Int64($0) }
    }

    private static func plain(_ named: [Call], _ spec: SeccompSpec, _ architectures: [UInt32]) -> [Call] {
        var plain: [Call] = []
        var rest = named[...]
        while let first = rest.first {
            let all = rest.prefix { $0.number == first.number }
            rest = rest[all.endIndex...]
            let unconditional = all.first { spec.rules[$0.rule].arguments.isEmpty }
            guard let unconditional else { continue }
            if first.number >= newer {
                plain.append(unconditional)
            } else if all.count == 1, !multiplexers.contains(first.name),
                !architectures.contains(where: { isMultiplexed(first.name, on: $0) })
            {
                plain.append(unconditional)
            }
        }
        return plain
    }

    /// Whether libseccomp has neither a number for it nor knows that there is none.
    private static func isMultiplexed(_ name: String, on architecture: UInt32) -> Bool {
        (-9_999 ..< -1).contains(seccomp_syscall_resolve_name_arch(architecture, name))
    }

    private static func rest(of spec: SeccompSpec, _ isPlain: [Bool]) -> SeccompSpec {
        var rest = spec
        var place = 0
        for (index, rule) in spec.rules.enumerated() where rule.action != spec.defaultAction {
            rest.rules[index].names = []
            for name in rule.names where number(of: name) != nil {
                if !isPlain[place] { rest.rules[index].names.append(name) }
                place += 1
            }
        }
        return rest
    }
}

extension PlainCalls {
    /// Gives `table`, made by libseccomp from the rest, these calls.
    ///
    /// - Returns: whether it has all architectures.
    func add(to table: inout SystemCallTable) throws(SeccompError) -> Bool {
        for architecture in architectures {
            var entries: [SystemCallTable.Entry] = []
            for call in calls {
                guard let number = number(of: call, on: architecture) else { continue }
                let action = spec.rules[call.rule].action
                entries.append((number..<number + 1, .returns(try action.returnValue())))
            }
            if case .errno = spec.defaultAction {
                let value = try NewerSystemCalls.noSuchCall.returnValue()
                entries += NewerSystemCalls.unknown(on: architecture).map { ($0, .returns(value)) }
            }
            entries.sort { $0.numbers.lowerBound < $1.numbers.lowerBound }
            guard table.set(entries, on: NewerSystemCalls.auditToken(of: architecture)) else { return false }
        }
        return true
    }

    private func number(of call: Call, on architecture: UInt32) -> UInt32? {
        if call.number >= Self.newer { return NewerSystemCalls.number(of: call.name, on: architecture) }
        return UInt32(exactly: seccomp_syscall_resolve_name_arch(architecture, call.name))
    }
}
