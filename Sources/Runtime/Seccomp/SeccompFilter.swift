/// A seccomp profile as the kernel takes it.
public struct SeccompFilter: Hashable, Sendable {
    /// BPF instructions. See `BPFInstruction`.
    let program: [UInt8]
    /// `SECCOMP_FILTER_FLAG_…` of seccomp(2).
    let flags: UInt32

    init(program: [UInt8], flags: UInt32) {
        self.program = program
        self.flags = flags
    }

    init(_ instructions: [BPFInstruction], flags: UInt32) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(instructions.count * BPFInstruction.size)
        for instruction in instructions { instruction.append(to: &bytes) }
        self.init(program: bytes, flags: flags)
    }
}
