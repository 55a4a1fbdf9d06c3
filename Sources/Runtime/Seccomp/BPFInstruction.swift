/// One instruction of the kernel's packet filter machine, which decides on system calls too: `struct sock_filter`.
///
/// See the kernel's Documentation/networking/filter.rst and seccomp(2).
struct BPFInstruction: Hashable, Sendable {
    /// The operations that system call filters are made of.
    enum Code {
        /// Loads 32 bits of `struct seccomp_data`, at offset `k`, into the accumulator.
        static let load: UInt16 = 0x20
        static let and: UInt16 = 0x54
        static let jump: UInt16 = 0x05
        static let jumpIfEqual: UInt16 = 0x15
        static let jumpIfGreater: UInt16 = 0x25
        static let jumpIfGreaterOrEqual: UInt16 = 0x35
        static let jumpIfSet: UInt16 = 0x45
        static let returnConstant: UInt16 = 0x06
    }

    /// The offsets of `struct seccomp_data`.
    enum Offset {
        static let number: UInt32 = 0
        static let architecture: UInt32 = 4
        /// Six arguments of 64 bits each, to the end.
        static let arguments: UInt32 = 16
    }

    /// In the kernel's memory.
    static let size = 8

    var code: UInt16
    /// How many instructions are skipped where the comparison holds, and where it does not.
    var ifTrue: UInt8 = 0
    var ifFalse: UInt8 = 0
    var k: UInt32
}

extension BPFInstruction {
    func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: code) { bytes.append(contentsOf: $0) }
        bytes.append(ifTrue)
        bytes.append(ifFalse)
        withUnsafeBytes(of: k) { bytes.append(contentsOf: $0) }
    }

    /// Reads a program of whole instructions.
    static func program(_ bytes: [UInt8]) -> [BPFInstruction] {
        bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - bytes.count % size, by: size).map { index in
                BPFInstruction(
                    code: bytes.loadUnaligned(fromByteOffset: index, as: UInt16.self), ifTrue: bytes[index + 2],
                    ifFalse: bytes[index + 3], k: bytes.loadUnaligned(fromByteOffset: index + 4, as: UInt32.self))
            }
        }
    }

    /// Whether a comparison with the accumulator holds; nil for what is no comparison.
    func compare(_ accumulator: UInt32) -> Bool? {
        switch code {
        case Code.jumpIfEqual: accumulator == k
        case Code.jumpIfGreater: accumulator > k
        case Code.jumpIfGreaterOrEqual: accumulator >= k
        case Code.jumpIfSet: accumulator & k != 0
        default: nil
        }
    }
}
