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

/// A program that decides which devices the processes of a version 2 cgroup may use. See the kernel's documentation of
/// cgroup-v2, "Device controller".
struct DeviceProgram: Hashable, Sendable {
    /// What the kernel passes in register 1: `struct bpf_cgroup_dev_ctx`.
    private enum Offset {
        /// The access in the upper half, the type in the lower.
        static let access: Int16 = 0
        static let major: Int16 = 4
        static let minor: Int16 = 8
    }

    private enum Register {
        static let result: UInt8 = 0
        static let context: UInt8 = 1
        static let type: UInt8 = 2
        /// What is asked for and not allowed yet.
        static let access: UInt8 = 3
        static let major: UInt8 = 4
        static let minor: UInt8 = 5
        static let scratch: UInt8 = 1
    }

    /// The types of `struct bpf_cgroup_dev_ctx`.
    static let blockType: Int32 = 1
    static let characterType: Int32 = 2

    private(set) var instructions: [ExtendedBPFInstruction] = []

    /// Compiles `rules`, of which the last one that says something about an access decides. What none of them allows is
    /// denied.
    init(_ rules: [DeviceRule]) {
        typealias Code = ExtendedBPFInstruction.Code
        add(Code.load, Register.type, Register.context, offset: Offset.access)
        add(Code.moveRegister, Register.access, Register.type)
        add(Code.shiftRight, Register.access, constant: 16)
        add(Code.and, Register.type, constant: 0xFFFF)
        add(Code.load, Register.major, Register.context, offset: Offset.major)
        add(Code.load, Register.minor, Register.context, offset: Offset.minor)
        // The last one first: whoever has decided has decided. An access of several kinds is one that every kind of is
        // allowed.
        for rule in rules.reversed() {
            let block = Self.block(for: rule)
            instructions += block
            // The kernel refuses a program with instructions that are never reached.
            if rule.isAboutEverything { return }
        }
        decide(false)
    }

    /// The program as the kernel takes it.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(instructions.count * ExtendedBPFInstruction.size)
        for instruction in instructions { instruction.append(to: &bytes) }
        return bytes
    }

    private init() {}

    /// What one rule comes to; behind its end, it has said nothing.
    private static func block(for rule: DeviceRule) -> [ExtendedBPFInstruction] {
        typealias Code = ExtendedBPFInstruction.Code
        var decision = DeviceProgram()
        if rule.access != .all {
            let access = Int32(rule.access.rawValue)
            if rule.allow {
                decision.add(Code.and, Register.access, constant: 7 & ~access)
                decision.add(Code.jumpIfNotEqual, Register.access, offset: 2)
            } else {
                decision.add(Code.moveRegister, Register.scratch, Register.access)
                decision.add(Code.and, Register.scratch, constant: access)
                decision.add(Code.jumpIfEqual, Register.scratch, offset: 2)
            }
        }
        decision.decide(rule.allow)

        var conditions: [(register: UInt8, value: Int32)] = []
        switch rule.kind {
        case .all: break
        case .block: conditions.append((Register.type, blockType))
        case .character: conditions.append((Register.type, characterType))
        }
        if let major = rule.major { conditions.append((Register.major, Int32(bitPattern: major))) }
        if let minor = rule.minor { conditions.append((Register.minor, Int32(bitPattern: minor))) }
        var block = DeviceProgram()
        for (index, condition) in conditions.enumerated() {
            let rest = conditions.count - index - 1 + decision.instructions.count
            block.add(
                Code.jumpIfNotEqual, condition.register, offset: Int16(rest), constant: condition.value)
        }
        return block.instructions + decision.instructions
    }

    private mutating func decide(_ allow: Bool) {
        add(ExtendedBPFInstruction.Code.move, Register.result, constant: allow ? 1 : 0)
        add(ExtendedBPFInstruction.Code.exit)
    }

    private mutating func add(
        _ code: UInt8, _ destination: UInt8 = 0, _ source: UInt8 = 0, offset: Int16 = 0, constant: Int32 = 0
    ) {
        instructions.append(
            ExtendedBPFInstruction(
                code: code, destination: destination, source: source, offset: offset, constant: constant))
    }
}

extension DeviceRule {
    /// Whether nothing before this rule counts.
    fileprivate var isAboutEverything: Bool { kind == .all && major == nil && minor == nil && access == .all }
}
