internal import JSON
internal import Linux

/// One thing that a supervisor has written down. Later ones outweigh earlier ones.
enum JournalRecord: Hashable, Sendable {
    /// Which run of the machine what follows is about, and where the stack came from.
    case origin(StackState.Origin, bootID: String)
    /// A canonical text that instances are made from.
    case definition(Int, String)
    case instance(InstanceRecord)
    /// The instance is no more.
    case removed(service: String, number: Int)
}

/// The form that a stack's state has on disk: lines, each a checksum and a record in JSON. A line that a power cut, a
/// full disk or a kill has torn is known by its checksum; every other one counts.
enum JournalLine {
    static func encode(_ record: JournalRecord) -> [UInt8] {
        let text = JSONWriter.compactBytes(record.json)
        return Checksum.text(of: text) + [UInt8(ascii: " ")] + text + [UInt8(ascii: "\n")]
    }

    /// False for a line that is certainly about something else than where the stack came from.
    static func mayBeOrigin(_ line: ArraySlice<UInt8>) -> Bool { line.dropFirst(9).starts(with: #"{"origin""#.utf8) }

    /// Reads a line without its line feed; nil where it is damaged.
    static func decode(_ line: ArraySlice<UInt8>) -> JournalRecord? {
        guard line.count > 9, line[line.startIndex + 8] == UInt8(ascii: " ") else { return nil }
        let text = line[(line.startIndex + 9)...]
        guard Checksum.text(of: text).elementsEqual(line.prefix(8)) else { return nil }
        return (try? JSONReader.read(Array(text))).flatMap { JournalRecord($0) }
    }
}

/// CRC-32 as in IEEE 802.3, in eight hexadecimal digits.
enum Checksum {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~table.withUnsafeBufferPointer { table in
            bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
        }
    }

    static func text(of bytes: some Sequence<UInt8>) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        let value = of(bytes)
        return (0..<8).map { digits[Int(value >> UInt32(28 - 4 * $0)) & 15] }
    }
}

/// Puts records together again.
struct JournalReader {
    /// Nil where not even the first record is there.
    private(set) var state: StackState?
    private var positions: [InstanceName: Int] = [:]
    private var removed: Set<InstanceName> = []

    static func read(_ bytes: [UInt8]) -> JournalReader {
        var reader = JournalReader()
        for line in lines(bytes) {
            // What is behind damage has been written later, and is as good as what is before it.
            if let record = JournalLine.decode(line) { reader.take(record) }
        }
        reader.finish()
        return reader
    }

    /// Where the stack came from, without all that takes time to read.
    static func origin(_ bytes: [UInt8]) -> StackState.Origin? {
        for line in lines(bytes).reversed() where JournalLine.mayBeOrigin(line) {
            if case .origin(let origin, _)? = JournalLine.decode(line) { return origin }
        }
        return nil
    }

    /// The lines that are whole, without their line feeds.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    }

    private mutating func take(_ record: JournalRecord) {
        switch record {
        case .origin(let origin, let bootID):
            if state == nil { state = StackState(origin: origin, bootID: bootID) }
            state?.origin = origin
            state?.bootID = bootID
        case .definition(let number, let text):
            state?.definitions[number] = text
        case .instance(let instance):
            guard let name = instance.instance else { return }
            removed.remove(name)
            if let position = positions[name] {
                state?.instances[position] = instance
            } else if let count = state?.instances.count {
                positions[name] = count
                state?.instances.append(instance)
            }
        case .removed(let service, let number):
            if let service = ServiceName(service) { removed.insert(InstanceName(service, number)) }
        }
    }

    private mutating func finish() {
        if !removed.isEmpty { state?.instances.removeAll { $0.instance.map(removed.contains) ?? true } }
        guard let state, let last = state.definitions.keys.max() else { return }
        let used = Set(state.instances.map(\.definition) + [last])
        self.state?.definitions = state.definitions.filter { used.contains($0.key) }
    }
}
