import Linux
import Testing

@testable import Runtime

/// What is made of libseccomp's program must decide as libseccomp's program does.
@Suite("A shortened filter")
struct SystemCallTableTests {
    private static let interesting: [UInt64] = [
        0, 1, 8, 10, 37, 38, 39, 40, 41, 45, 46, 0x20000, 0x20008, 0xFFFF_FFFF, 0x1_0000_0000, 0x1_0000_0028,
        2, 3, 9, 16, 0x0002_0000, 0x1000_0000, 0x7E02_0000, 0x0100_0011, .max,
    ]

    private static let profiles: [SeccompSpec] = [
        .standard(capabilities: .standard), .standard(capabilities: []),
        .standard(capabilities: CapabilitySet(mask: .max)),
        SeccompSpec(
            defaultAction: .allow, architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
            rules: [
                .init(["mkdir", "socket", "clone3"], .errno(5)),
                .init(
                    ["openat"], .killProcess,
                    arguments: [
                        .init(index: 0, value: 38, comparison: .less), .init(index: 2, value: 8, comparison: .notEqual),
                    ]),
                .init(
                    ["write"], .log,
                    arguments: [.init(index: 1, value: 0xFF, secondValue: 8, comparison: .maskedEqual)]),
                .init(["read"], .trap, arguments: [.init(index: 2, value: 1 << 32, comparison: .greaterOrEqual)]),
            ]),
        SeccompSpec(defaultAction: .errno(38), rules: [.init(["read", "write", "exit_group"], .allow)]),
        SeccompSpec(defaultAction: .allow),
        // Calls that x86 makes through others, one in several rules, one with and without conditions, and x32 alone.
        SeccompSpec(
            defaultAction: .errno(1), architectures: ["SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64"],
            rules: [
                .init(["socket", "accept", "recv", "shmget", "_llseek", "mmap", "mmap2", "readv"], .allow),
                .init(["semop", "bind", "breakpoint"], .errno(7)),
                .init(["mkdir", "rmdir"], .log), .init(["rmdir", "unlink", "no_such_call"], .log),
                .init(["openat"], .log, arguments: [.init(index: 0, value: 8, comparison: .equal)]),
                .init(["openat", "connect"], .trap),
            ]),
        // What holds anyway, of the calls that others are made through.
        SeccompSpec(
            defaultAction: .allow, architectures: ["SCMP_ARCH_X86"],
            rules: [.init(["socket", "semop"], .errno(5)), .init(["socketcall", "ipc"], .allow)]),
        SeccompSpec(
            defaultAction: .errno(1), architectures: ["SCMP_ARCH_X86"],
            rules: [
                .init(["socket", "semop"], .allow), .init(["socketcall", "ipc"], .errno(1)), .init(["bind"], .errno(1)),
            ]),
        SeccompSpec(
            defaultAction: .allow, architectures: ["SCMP_ARCH_X86"],
            rules: [.init(["socket", "semop"], .errno(5)), .init(["socketcall", "ipc"], .log)]),
        // As Podman's: what is said of sockets by their arguments, which nobody can see in socketcall.
        SeccompSpec(
            defaultAction: .errno(38), architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
            rules: [
                .init(["read", "socketcall", "ipc"], .allow),
                .init(
                    ["socket"], .errno(22),
                    arguments: [
                        .init(index: 0, value: 16, comparison: .equal), .init(index: 2, value: 9, comparison: .equal),
                    ]),
                .init(["socket"], .allow, arguments: [.init(index: 2, value: 9, comparison: .notEqual)]),
                .init(["socket"], .allow, arguments: [.init(index: 0, value: 16, comparison: .notEqual)]),
            ]),
        SeccompSpec(
            defaultAction: .trace(3), architectures: ["SCMP_ARCH_X32"],
            rules: [.init(["read", "ptrace", "io_submit"], .killProcess)]),
    ]

    @Test(arguments: profiles)
    func decidesAsTheLongOneDoes(spec: SeccompSpec) throws {
        let long = FilterMachine(program: try SeccompCompiler.libraryProgram(spec))
        let table = try #require(SystemCallTable(long.program))
        let numbers = (0...700).flatMap { [UInt32($0), 0x4000_0000 + UInt32($0)] } + [0x7FFF_FFFF, .max]
        compare(FilterMachine(program: table.program()), long, numbers)
        // Those that are the same in all versions of libseccomp.
        let old = numbers.filter { ($0 & 0xFFFF < 451 && $0 != 335) || (0x4000_0200..<0x4000_0224).contains($0) }
        #expect(try !SeccompCompiler.shortProgram(spec).isEmpty)
        compare(try FilterMachine(spec), long, old)
    }

    private func compare(_ short: FilterMachine, _ long: FilterMachine, _ numbers: [UInt32]) {
        for architecture in [FilterMachine.x64, FilterMachine.x86, 0xC000_00B7, 0] {
            for number in numbers {
                for (index, value) in Self.interesting.enumerated() {
                    // The same value everywhere, and it alone in one place.
                    for arguments in [[UInt64](repeating: value, count: 6), Self.single(value, at: index % 3)] {
                        let call = FilterMachine.Call(
                            number: number, architecture: architecture, arguments: arguments)
                        let (left, right) = (short.outcome(of: call), long.outcome(of: call))
                        if left != right { Issue.record("\(call): \(left ?? 0) instead of \(right ?? 0)") }
                    }
                }
            }
        }
    }

    private static func single(_ value: UInt64, at index: Int) -> [UInt64] {
        var arguments = [UInt64](repeating: 0, count: 6)
        arguments[index] = value
        return arguments
    }

    @Test func isMuchShorter() throws {
        let spec = SeccompSpec.standard(capabilities: .standard)
        let long = try SeccompCompiler.libraryProgram(spec)
        let short = try FilterMachine(spec).program
        #expect(short.count * 3 < long.count)
    }

    @Test func isNotMadeOfWhatIsNotUnderstood() {
        let end = BPFInstruction(code: 0x06, k: 0)
        #expect(SystemCallTable([]) == nil)
        // A division, a jump beyond the end, and a number tested by its bits.
        #expect(SystemCallTable([BPFInstruction(code: 0x34, k: 2), end]) == nil)
        #expect(SystemCallTable([BPFInstruction(code: 0x05, k: 7), end]) == nil)
        #expect(
            SystemCallTable([BPFInstruction(code: 0x20, k: 0), BPFInstruction(code: 0x45, ifTrue: 0, k: 1), end]) == nil
        )
    }

    @Test func canBeChangedInPlaces() throws {
        let spec = SeccompSpec(defaultAction: .errno(1), rules: [.init(["read", "write"], .allow)])
        var table = try #require(SystemCallTable(try SeccompCompiler.libraryProgram(spec)))
        let isThere = table.set(
            [(1..<3, .returns(43)), (5..<6, .returns(42)), (900..<0x1_0000, .returns(44))], on: FilterMachine.x64)
        let isElsewhere = table.set([(0..<1, .returns(45))], on: FilterMachine.x86)
        #expect(isThere && !isElsewhere)
        let machine = FilterMachine(program: table.program())
        let outcomes = [0, 1, 2, 3, 4, 5, 6, 899, 900, 0xFFFF, 0x10000].map {
            machine.outcome(of: FilterMachine.Call(number: $0))
        }
        let denied: UInt32 = 0x0005_0001
        #expect(outcomes == [FilterMachine.allowed, 43, 43, denied, denied, 42, denied, denied, 44, 44, denied])
    }
}
