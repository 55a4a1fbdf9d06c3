/// Cuts a stream of bytes into lines, wherever the reads happened to end.
struct LineSplitter: Hashable, Sendable {
    /// A line, or a part of one.
    struct Piece: Hashable, Sendable {
        let text: [UInt8]
        let isComplete: Bool
    }

    /// A line beyond this length comes in parts: it must not grow the supervisor.
    static let longestPiece = 16384

    private var rest: [UInt8] = []

    /// Takes what was read and returns what is complete by now.
    mutating func take(_ bytes: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        var remaining = bytes[...]
        while let end = remaining.firstIndex(of: UInt8(ascii: "\n")) {
            pieces += cut(rest + remaining[..<end], isComplete: true)
            rest = []
            remaining = remaining[(end + 1)...]
        }
        rest += remaining
        if rest.count >= Self.longestPiece {
            pieces += cut(rest, isComplete: false)
            rest = []
        }
        return pieces
    }

    /// What was printed without a line feed when the stream ended.
    mutating func finish() -> Piece? {
        defer { rest = [] }
        return rest.isEmpty ? nil : Piece(text: rest, isComplete: true)
    }

    private func cut(_ line: [UInt8], isComplete: Bool) -> [Piece] {
        guard line.count > Self.longestPiece else { return [Piece(text: line, isComplete: isComplete)] }
        var pieces: [Piece] = []
        var start = 0
        while start < line.count {
            let end = min(start + Self.longestPiece, line.count)
            pieces.append(Piece(text: Array(line[start..<end]), isComplete: isComplete && end == line.count))
            start = end
        }
        return pieces
    }
}
