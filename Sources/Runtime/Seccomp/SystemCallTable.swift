/// What a filter does, seen from outside: for each architecture, which numbers have which outcome.
///
/// libseccomp asks for one number after the other. Neighbours with the same outcome need one question only, so that the
/// standard profile shrinks to less than a quarter, and the kernel translates and checks it as much faster at each
/// start. Nothing is known here of what a call means: the program itself is asked for every number.
struct SystemCallTable {
    /// What becomes of a call.
    enum Outcome: Hashable {
        case returns(UInt32)
        /// It depends on the arguments: the program goes on at this instruction, which loads one.
        case depends(Int)
    }

    /// The calls from `first` on, up to the next range.
    struct Range {
        var first: UInt32
        var outcome: Outcome
    }

    struct Architecture {
        /// `AUDIT_ARCH_…`.
        let token: UInt32
        var ranges: [Range]
    }

    private(set) var architectures: [Architecture]
    /// All the others; their numbers mean nothing here.
    private let other: UInt32
    private let source: [BPFInstruction]

    /// - Returns: nil for a program that does anything which is not understood here.
    init?(_ program: [BPFInstruction]) {
        guard Self.isUnderstood(program), let constants = Constants(of: program) else { return nil }
        source = program
        var foreign: UInt32 = 0
        while constants.architectures.contains(foreign) { foreign += 1 }
        guard case .returns(let value)? = Self.outcome(of: 0, foreign, in: program) else { return nil }
        other = value

        architectures = []
        for token in constants.architectures {
            var ranges: [Range] = []
            for first in constants.starts {
                guard let outcome = Self.outcome(of: first, token, in: program) else { return nil }
                if ranges.last?.outcome != outcome { ranges.append(Range(first: first, outcome: outcome)) }
            }
            architectures.append(Architecture(token: token, ranges: ranges))
        }
    }

    /// Whether it consists of known instructions only, and never leaves its end.
    private static func isUnderstood(_ program: [BPFInstruction]) -> Bool {
        for (index, instruction) in program.enumerated() {
            let farthest: Int
            switch instruction.code {
            case BPFInstruction.Code.returnConstant: continue
            case BPFInstruction.Code.load, BPFInstruction.Code.and: farthest = 0
            case BPFInstruction.Code.jump: farthest = Int(instruction.k)
            default:
                guard instruction.compare(0) != nil else { return false }
                farthest = Int(max(instruction.ifTrue, instruction.ifFalse))
            }
            guard index + 1 + farthest < program.count else { return false }
        }
        return true
    }

    /// Runs the program for one call, up to where it ends or asks for an argument.
    private static func outcome(
        of number: UInt32, _ architecture: UInt32, in program: [BPFInstruction]
    ) -> Outcome? {
        var accumulator: UInt32 = 0
        var index = 0
        while index < program.count {
            let instruction = program[index]
            switch instruction.code {
            case BPFInstruction.Code.returnConstant: return .returns(instruction.k)
            case BPFInstruction.Code.jump: index += Int(instruction.k)
            case BPFInstruction.Code.load:
                switch instruction.k {
                case BPFInstruction.Offset.number: accumulator = number
                case BPFInstruction.Offset.architecture: accumulator = architecture
                case BPFInstruction.Offset.arguments...: return .depends(index)
                default: return nil
                }
            default:
                guard let holds = instruction.compare(accumulator) else { return nil }
                index += Int(holds ? instruction.ifTrue : instruction.ifFalse)
            }
            index += 1
        }
        return nil
    }
}

extension SystemCallTable {
    /// What becomes of the calls with certain numbers.
    typealias Entry = (numbers: Swift.Range<UInt32>, outcome: Outcome)

    /// Gives calls other outcomes on the architecture `token`.
    ///
    /// - Parameter entries: in the order of their numbers, which do not overlap.
    /// - Returns: whether there is such an architecture.
    mutating func set(_ entries: [Entry], on token: UInt32) -> Bool {
        guard let index = architectures.firstIndex(where: { $0.token == token }) else { return false }
        let old = architectures[index].ranges
        var ranges: [Range] = []
        func append(_ first: UInt64, _ outcome: Outcome) {
            if ranges.last?.outcome != outcome { ranges.append(Range(first: UInt32(first), outcome: outcome)) }
        }
        var rest = entries[...]
        for (position, range) in old.enumerated() {
            var first = UInt64(range.first)
            let end = position + 1 < old.count ? UInt64(old[position + 1].first) : 1 << 32
            while first < end {
                guard let entry = rest.first, entry.numbers.lowerBound < end else {
                    append(first, range.outcome)
                    break
                }
                if first < entry.numbers.lowerBound { append(first, range.outcome) }
                if !entry.numbers.isEmpty { append(max(first, UInt64(entry.numbers.lowerBound)), entry.outcome) }
                first = max(first, UInt64(entry.numbers.upperBound))
                if first <= end { rest.removeFirst() }
            }
        }
        architectures[index].ranges = ranges
        return true
    }

    /// A program with the same outcomes, which finds them by halving.
    func program() -> [BPFInstruction] {
        var assembler = FilterAssembler(source)
        var rest = assembler.returning(other)
        for architecture in architectures.reversed() {
            let numbers = search(architecture.ranges[...], &assembler)
            let load = assembler.add(BPFInstruction.Code.load, BPFInstruction.Offset.number, then: numbers)
            rest = assembler.branch(
                BPFInstruction.Code.jumpIfEqual, architecture.token, ifTrue: load, ifFalse: rest)
        }
        _ = assembler.add(BPFInstruction.Code.load, BPFInstruction.Offset.architecture, then: rest)
        return assembler.program
    }

    private func search(_ ranges: ArraySlice<Range>, _ assembler: inout FilterAssembler) -> FilterAssembler.Label {
        if ranges.count == 1, let range = ranges.first {
            switch range.outcome {
            case .returns(let value): return assembler.returning(value)
            case .depends(let index): return assembler.copying(from: index)
            }
        }
        let middle = ranges.startIndex + ranges.count / 2
        let upper = search(ranges[middle...], &assembler)
        let lower = search(ranges[..<middle], &assembler)
        return assembler.branch(
            BPFInstruction.Code.jumpIfGreaterOrEqual, ranges[middle].first, ifTrue: upper, ifFalse: lower)
    }
}

/// The constants that a program compares architectures and numbers with, found on every path up to an argument.
private struct Constants {
    private(set) var architectures: [UInt32] = []
    /// Where the outcome may change: between two of them all numbers compare alike.
    private(set) var starts: [UInt32] = [0]

    /// - Returns: nil where a number or an architecture is changed or tested by its bits.
    init?(of program: [BPFInstruction]) {
        /// What the accumulator holds, and by which instruction it is seen with it already.
        let nothing: UInt32 = .max
        var seen = [[UInt32]](repeating: [], count: program.count)
        var open = [(0, nothing)]
        while let (index, origin) = open.popLast() {
            guard index < program.count else { return nil }
            if seen[index].contains(origin) { continue }
            seen[index].append(origin)
            let instruction = program[index]
            switch instruction.code {
            case BPFInstruction.Code.returnConstant: continue
            case BPFInstruction.Code.jump: open.append((index + 1 + Int(instruction.k), origin))
            case BPFInstruction.Code.load:
                if instruction.k < BPFInstruction.Offset.arguments { open.append((index + 1, instruction.k)) }
            case BPFInstruction.Code.jumpIfEqual, BPFInstruction.Code.jumpIfGreater,
                BPFInstruction.Code.jumpIfGreaterOrEqual:
                guard note(instruction, origin) else { return nil }
                open.append((index + 1 + Int(instruction.ifTrue), origin))
                open.append((index + 1 + Int(instruction.ifFalse), origin))
            default: return nil
            }
        }
        starts.sort()
    }

    private mutating func note(_ instruction: BPFInstruction, _ origin: UInt32) -> Bool {
        switch origin {
        case BPFInstruction.Offset.architecture:
            guard instruction.code == BPFInstruction.Code.jumpIfEqual else { return false }
            if !architectures.contains(instruction.k) { architectures.append(instruction.k) }
            return true
        case BPFInstruction.Offset.number:
            starts.append(instruction.k)
            if instruction.k < .max { starts.append(instruction.k + 1) }
            return true
        default:
            return false
        }
    }
}
