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
            instructions += Self.block(for: rule)
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
