/// Writes a filter from its end to its beginning: as jumps lead forwards only, where they lead to is there already.
struct FilterAssembler {
    /// An instruction, by how many there are from it to the end.
    typealias Label = Int

    /// What `copying` copies from.
    private let source: [BPFInstruction]
    /// The copies there are, by their index in `source`; 0 for none.
    private var copies: [Label]
    private var reversed: [BPFInstruction] = []
    private var constants: [(value: UInt32, label: Label)] = []

    /// A conditional jump skips 255 instructions at most; some of them are needed to help others on their way.
    private static let nearby = 240

    init(_ source: [BPFInstruction]) {
        self.source = source
        copies = [Label](repeating: 0, count: source.count)
    }

    var program: [BPFInstruction] { reversed.reversed() }

    private mutating func append(_ instruction: BPFInstruction) -> Label {
        reversed.append(instruction)
        return reversed.count
    }

    /// How many instructions one written now would have to skip.
    private func distance(to label: Label) -> Int { reversed.count - label }

    mutating func returning(_ value: UInt32) -> Label {
        if let constant = constants.first(where: { $0.value == value && distance(to: $0.label) <= Self.nearby }) {
            return constant.label
        }
        constants.removeAll { $0.value == value }
        let label = append(BPFInstruction(code: BPFInstruction.Code.returnConstant, k: value))
        constants.append((value, label))
        return label
    }

    /// An instruction that `next` follows.
    mutating func add(_ code: UInt16, _ k: UInt32, then next: Label) -> Label {
        if distance(to: next) > 0 { _ = jump(to: next) }
        return append(BPFInstruction(code: code, k: k))
    }

    mutating func branch(_ code: UInt16, _ k: UInt32, ifTrue: Label, ifFalse: Label) -> Label {
        // The second of two detours moves the first target one further away.
        let ifTrue = distance(to: ifTrue) > Self.nearby ? jump(to: ifTrue) : ifTrue
        let ifFalse = distance(to: ifFalse) > Self.nearby ? jump(to: ifFalse) : ifFalse
        return append(
            BPFInstruction(
                code: code, ifTrue: UInt8(distance(to: ifTrue)), ifFalse: UInt8(distance(to: ifFalse)), k: k))
    }

    private mutating func jump(to label: Label) -> Label {
        append(BPFInstruction(code: BPFInstruction.Code.jump, k: UInt32(distance(to: label))))
    }

    /// The source from `index` on, with all that it leads to.
    mutating func copying(from index: Int) -> Label {
        if copies[index] > 0 { return copies[index] }
        let instruction = source[index]
        let label: Label
        switch instruction.code {
        case BPFInstruction.Code.returnConstant: return returning(instruction.k)
        case BPFInstruction.Code.jump: return copying(from: index + 1 + Int(instruction.k))
        case BPFInstruction.Code.load, BPFInstruction.Code.and:
            label = add(instruction.code, instruction.k, then: copying(from: index + 1))
        default:
            let ifFalse = copying(from: index + 1 + Int(instruction.ifFalse))
            let ifTrue = copying(from: index + 1 + Int(instruction.ifTrue))
            label = branch(instruction.code, instruction.k, ifTrue: ifTrue, ifFalse: ifFalse)
        }
        copies[index] = label
        return label
    }
}
