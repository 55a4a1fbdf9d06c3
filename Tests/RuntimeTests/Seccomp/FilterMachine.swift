@testable import Runtime

/// Runs filters as the kernel does, to ask them about calls.
struct FilterMachine {
    let program: [BPFInstruction]

    /// One system call, as `struct seccomp_data` has it.
    struct Call {
        var number: UInt32
        var architecture = FilterMachine.x64
        var arguments: [UInt64] = [0, 0, 0, 0, 0, 0]

        func word(at offset: UInt32) -> UInt32 {
            switch offset {
            case 0: return number
            case 4: return architecture
            case 8, 12: return 0
            default:
                let argument = arguments[Int(offset - 16) / 8]
                return UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
            }
        }
    }

    static let x64: UInt32 = 0xC000_003E
    static let x86: UInt32 = 0x4000_0003
    static let allowed: UInt32 = 0x7FFF_0000

    /// What the filter returns; nil where the kernel would not have taken the program.
    func outcome(of call: Call) -> UInt32? {
        var accumulator: UInt32 = 0
        var index = 0
        while index < program.count {
            let instruction = program[index]
            switch instruction.code {
            case 0x20: accumulator = call.word(at: instruction.k)
            case 0x54: accumulator &= instruction.k
            case 0x05: index += Int(instruction.k)
            case 0x15: index += skip(accumulator == instruction.k, instruction)
            case 0x25: index += skip(accumulator > instruction.k, instruction)
            case 0x35: index += skip(accumulator >= instruction.k, instruction)
            case 0x45: index += skip(accumulator & instruction.k != 0, instruction)
            case 0x06: return instruction.k
            default: return nil
            }
            index += 1
        }
        return nil
    }

    private func skip(_ holds: Bool, _ instruction: BPFInstruction) -> Int {
        Int(holds ? instruction.ifTrue : instruction.ifFalse)
    }
}

extension FilterMachine {
    init(_ spec: SeccompSpec) throws {
        program = BPFInstruction.program(try SeccompCompiler.compile(spec).program)
    }

    /// Whether a call of x86-64 is let pass, by number.
    func allows(_ number: UInt32, _ arguments: UInt64...) -> Bool {
        let padded = arguments + [UInt64](repeating: 0, count: 6 - arguments.count)
        return outcome(of: Call(number: number, arguments: padded)) == Self.allowed
    }
}
