@testable import Runtime

/// Runs device programs as the kernel does, to ask them about accesses.
struct DeviceMachine {
    let program: [ExtendedBPFInstruction]

    /// An access to a device, as `struct bpf_cgroup_dev_ctx` has it.
    struct Access {
        var kind: DeviceRule.Kind
        var major: UInt32
        var minor: UInt32
        var access: DeviceRule.Access

        func word(at offset: Int16) -> UInt32? {
            switch offset {
            case 0: UInt32(access.rawValue) << 16 | (kind == .block ? 1 : 2)
            case 4: major
            case 8: minor
            default: nil
            }
        }
    }

    /// Whether the access is allowed; nil where the kernel would not have taken the program.
    func outcome(of access: Access) -> Bool? {
        var registers: [UInt32?] = Array(repeating: nil, count: 11)
        var hasContext = true
        var index = 0
        while program.indices.contains(index) {
            let instruction = program[index]
            let destination = Int(instruction.destination)
            let constant = UInt32(bitPattern: instruction.constant)
            index += 1
            if instruction.code == 0x61 {
                guard instruction.source == 1, hasContext else { return nil }
                registers[destination] = access.word(at: instruction.offset)
                continue
            }
            if destination == 1, instruction.code == 0xBC { hasContext = false }
            switch instruction.code {
            case 0x54: registers[destination] = registers[destination].map { $0 & constant }
            case 0x74: registers[destination] = registers[destination].map { $0 >> constant }
            case 0xB4: registers[destination] = constant
            case 0xBC: registers[destination] = registers[Int(instruction.source)]
            case 0x16, 0x56:
                guard let value = registers[destination], instruction.offset >= 0 else { return nil }
                if (value == constant) == (instruction.code == 0x16) { index += Int(instruction.offset) }
            case 0x95: return registers[0].map { $0 == 1 }
            default: return nil
            }
        }
        return nil
    }

    /// Whether the kernel would find every instruction reachable.
    var isReachable: Bool {
        var reached = Set<Int>()
        var open = [0]
        while let index = open.popLast() {
            guard program.indices.contains(index), reached.insert(index).inserted else { continue }
            let instruction = program[index]
            if instruction.code == 0x95 { continue }
            open.append(index + 1)
            if instruction.code == 0x16 || instruction.code == 0x56 { open.append(index + 1 + Int(instruction.offset)) }
        }
        return reached.count == program.count
    }
}
