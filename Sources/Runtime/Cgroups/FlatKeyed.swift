/// A control file of lines with a key and a number, in their order. See cgroup-v2, "Interface Files".
struct FlatKeyed: Hashable, Sendable {
    struct Line: Hashable, Sendable {
        let key: String
        let value: UInt64
    }

    private(set) var lines: [Line] = []

    /// - Parameter text: nil for a file that is not there.
    init(_ text: String?) {
        guard let text else { return }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let value = UInt64(words[1]) else { continue }
            lines.append(Line(key: String(words[0]), value: value))
        }
    }

    subscript(key: String) -> UInt64? { lines.first { $0.key == key }?.value }
}
