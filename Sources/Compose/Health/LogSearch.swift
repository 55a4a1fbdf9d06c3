internal import Linux

/// Looks for a line in what a service prints, as it comes.
struct LogSearch {
    private let pattern: RegularExpression
    /// What has come of the line that is not complete yet, of each stream.
    private var pending: [LogStream: [UInt8]] = [:]

    /// How long a line may be: of one that is longer, parts of this length are looked at one by one.
    static let lineLimit = 65_536

    init(_ pattern: RegularExpression) {
        self.pattern = pattern
    }

    /// - Returns: whether a line matches that is complete by now.
    mutating func matches(_ bytes: some Collection<UInt8>, from stream: LogStream) -> Bool {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            if let begin = pending.removeValue(forKey: stream), !begin.isEmpty {
                if pattern.matches(begin + rest[..<end]) { return true }
            } else if pattern.matches(rest[..<end]) {
                return true
            }
            rest = rest[rest.index(after: end)...]
        }
        var line = pending[stream] ?? []
        line += rest
        if line.count > Self.lineLimit {
            if pattern.matches(line) { return true }
            line = []
        }
        pending[stream] = line
        return false
    }
}
