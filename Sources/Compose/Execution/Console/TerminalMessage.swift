internal import Linux

/// What somebody at a service's terminal tells its keeper. The other way there is only what the terminal shows.
enum TerminalMessage: Hashable {
    case typed([UInt8])
    case resized(TerminalSize)

    private static let typedMark: UInt8 = 0
    private static let resizedMark: UInt8 = 1
    /// What one message holds at most.
    static let most = 4096

    /// A mark, the number of bytes in two, and the bytes.
    var bytes: [UInt8] {
        switch self {
        case .typed(let bytes):
            [Self.typedMark] + Self.pair(UInt16(clamping: bytes.count)) + bytes.prefix(Int(UInt16.max))
        case .resized(let size):
            [Self.resizedMark] + Self.pair(4) + Self.pair(size.columns) + Self.pair(size.rows)
        }
    }

    private static func pair(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
    private static func number(_ high: UInt8, _ low: UInt8) -> UInt16 { UInt16(high) << 8 | UInt16(low) }

    /// Takes the first message out of what has come; nil where it is not complete yet. One of a kind that is unknown is
    /// passed over.
    static func next(_ received: inout [UInt8]) -> TerminalMessage? {
        while received.count >= 3 {
            let count = Int(number(received[1], received[2]))
            guard received.count >= 3 + count else { return nil }
            let (mark, content) = (received[0], Array(received[3..<(3 + count)]))
            received.removeFirst(3 + count)
            if mark == typedMark { return .typed(content) }
            if mark == resizedMark, content.count == 4 {
                return .resized(
                    TerminalSize(columns: number(content[0], content[1]), rows: number(content[2], content[3])))
            }
        }
        return nil
    }
}
