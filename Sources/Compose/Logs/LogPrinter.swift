/// Lays lines out for people: `web-1  | line`, in colours on a terminal.
public struct LogPrinter: Sendable {
    private let isColoured: Bool
    private let showsTimes: Bool
    private var width: Int
    private var order: [String]

    /// In the order in which instances get them.
    private static let colours = ["36", "33", "32", "35", "34", "36;1", "33;1", "32;1", "35;1", "34;1"]

    /// - Parameter instances: those known to come, so that the prefixes are of one width from the beginning.
    public init(instances: [String], isColoured: Bool, showsTimes: Bool = false) {
        self.isColoured = isColoured
        self.showsTimes = showsTimes
        order = instances.sorted()
        width = order.map(\.count).max() ?? 0
    }

    /// The bytes to print for a line, line feed included.
    public mutating func format(_ line: LogLine, of instance: String) -> [UInt8] {
        prefix(instance) + (showsTimes ? Array("\(line.time) ".utf8) : []) + line.text + [UInt8(ascii: "\n")]
    }

    private mutating func prefix(_ instance: String) -> [UInt8] {
        if !order.contains(instance) { order.append(instance) }
        width = max(width, instance.count)
        let text = instance + String(repeating: " ", count: width - instance.count + 1) + " | "
        guard isColoured, let index = order.firstIndex(of: instance) else { return Array(text.utf8) }
        return Array("\u{1B}[\(Self.colours[index % Self.colours.count])m\(text)\u{1B}[0m".utf8)
    }
}
