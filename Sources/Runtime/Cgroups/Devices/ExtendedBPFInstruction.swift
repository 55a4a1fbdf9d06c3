/// One instruction of the kernel's machine for its own programs: `struct bpf_insn` of `linux/bpf.h`.
///
/// Not to be mixed up with the older packet filters that decide on system calls (`BPFInstruction`).
struct ExtendedBPFInstruction: Hashable, Sendable {
    /// The operations that device programs are made of. See the kernel's Documentation/bpf/standardization.
    enum Code {
        /// destination = 32 bits at source + offset
        static let load: UInt8 = 0x61
        /// 32-bit arithmetic with the constant.
        static let and: UInt8 = 0x54
        static let shiftRight: UInt8 = 0x74
        static let move: UInt8 = 0xB4
        static let moveRegister: UInt8 = 0xBC
        /// Jumps by the offset where the lower 32 bits of the destination are, or are not, the constant.
        static let jumpIfEqual: UInt8 = 0x16
        static let jumpIfNotEqual: UInt8 = 0x56
        static let exit: UInt8 = 0x95
    }

    /// In the kernel's memory.
    static let size = 8

    var code: UInt8
    var destination: UInt8 = 0
    var source: UInt8 = 0
    /// In instructions where it is a jump, in bytes where it is a load.
    var offset: Int16 = 0
    var constant: Int32 = 0

    func append(to bytes: inout [UInt8]) {
        bytes.append(code)
        // Bit fields of one byte: the first is the lower half, except on big-endian machines.
        bytes.append(1.littleEndian == 1 ? destination | source << 4 : destination << 4 | source)
        withUnsafeBytes(of: offset) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: constant) { bytes.append(contentsOf: $0) }
    }
}
