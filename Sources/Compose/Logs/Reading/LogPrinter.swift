internal import Linux

/// Lays lines out: for people as `web-1  | line`, in colours on a terminal, or as JSON.
public struct LogPrinter {
    /// What stands before and around a line.
    public struct Style: Sendable {
        public var isColoured = false
        public var showsNames = true
        public var showsTimes = false
        public var isJSON = false

        public init() {}
    }

    private let style: Style
    private var names: [String] = []
    private var width = 0
    /// What stands before each line of an instance.
    private var prefixes: [[UInt8]] = []
    /// The text of the last time: many lines have the same.
    private var lastTime: (time: WallTime, text: [UInt8])?

    /// In the order in which instances get them.
    private static let colours = ["36", "33", "32", "35", "34", "36;1", "33;1", "32;1", "35;1", "34;1"]

    /// - Parameter instances: those known to come, so that the prefixes are of one width from the beginning.
    public init(instances: [String], style: Style = Style()) {
        self.style = style
        width = instances.map(\.count).max() ?? 0
        names = instances
        layOut()
    }

    /// The index of an instance, for `append`; it need not be known before.
    public mutating func index(of instance: String) -> Int {
        if let index = names.firstIndex(of: instance) { return index }
        add(instance)
        return names.count - 1
    }

    /// Makes the instances of a view known, with its indices.
    public mutating func know(_ view: LogView) {
        while names.count < view.count { add(view.instance(names.count)) }
    }

    /// Makes one more instance known: the next index is its own.
    mutating func add(_ instance: String) {
        names.append(instance)
        width = max(width, instance.count)
        layOut()
    }

    private mutating func layOut() {
        prefixes = names.enumerated().map { index, name in
            let parts = LogQuery.parts(of: name)
            if style.isJSON { return Array("{\"instance\":\"\(name)\",\"service\":\"\(parts.service)\"".utf8) }
            guard style.showsNames else { return [] }
            let text = name + String(repeating: " ", count: width - name.count + 1) + " | "
            guard style.isColoured else { return Array(text.utf8) }
            return Array("\u{1B}[\(Self.colours[index % Self.colours.count])m\(text)\u{1B}[0m".utf8)
        }
    }

    /// Adds a line, line feed included.
    public mutating func append(_ line: LogLine, of index: Int, to output: inout [UInt8]) {
        output.append(contentsOf: prefixes[index])
        if style.isJSON {
            JSONLogLine.append(line, time: text(of: line.time), to: &output)
        } else {
            if style.showsTimes {
                output.append(contentsOf: text(of: line.time))
                output.append(UInt8(ascii: " "))
            }
            output.append(contentsOf: line.text)
        }
        output.append(0x0A)
    }

    /// Adds what says that lines are missing.
    public mutating func append(_ lost: LostLines, of index: Int, to output: inout [UInt8]) {
        output.append(contentsOf: prefixes[index])
        if style.isJSON {
            let lines = "\",\"seq\":\(lost.first),\"lost\":\(lost.count),\"reason\":\""
            output.append(contentsOf: Array(",\"time\":\"".utf8) + text(of: lost.time) + Array(lines.utf8))
            Array(lost.reason.utf8).withUnsafeBytes { JSONText.escape($0, into: &output) }
            output.append(contentsOf: Array("\"}".utf8))
        } else {
            let lines = lost.count == 1 ? "1 line is" : "\(lost.count) lines are"
            output.append(contentsOf: Array("[gocker: \(lines) missing here: \(lost.reason)]".utf8))
        }
        output.append(0x0A)
    }

    private mutating func text(of time: WallTime) -> [UInt8] {
        if let lastTime, lastTime.time == time { return lastTime.text }
        let text = Array("\(time)".utf8)
        lastTime = (time, text)
        return text
    }
}

/// One line as a JSON object. Bytes that are no UTF-8 come as `base64`, so that none is lost.
enum JSONLogLine {
    /// Adds everything behind the names.
    static func append(_ line: LogLine, time: [UInt8], to output: inout [UInt8]) {
        output.append(contentsOf: Array(",\"stream\":\"\(line.stream.rawValue)\",\"time\":\"".utf8))
        output.append(contentsOf: time)
        output.append(contentsOf: Array("\",\"seq\":\(line.number),".utf8))
        if JSONText.isUnicode(line.text) {
            output.append(contentsOf: Array("\"line\":\"".utf8))
            JSONText.escape(line.text, into: &output)
        } else {
            output.append(contentsOf: Array("\"base64\":\"".utf8))
            appendBase64(line.text, to: &output)
        }
        output.append(contentsOf: Array("\"}".utf8))
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// See RFC 4648, section 4.
    private static func appendBase64(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for position in 0..<3 {
                bits = bits << 8 | (position < group.count ? UInt32(group[start + position]) : 0)
            }
            for position in 0..<4 {
                let digit = alphabet[Int(bits >> (18 - 6 * UInt32(position)) & 63)]
                output.append(position <= group.count ? digit : UInt8(ascii: "="))
            }
        }
    }
}
