public import Linux

/// Which of a service's two outputs a line came from.
public enum LogStream: String, Hashable, Sendable {
    case standardOutput = "stdout"
    case standardError = "stderr"
}

/// One line that a service printed, or a part of one that is very long.
public struct LogLine: Hashable, Sendable {
    public let time: WallTime
    public let stream: LogStream
    /// False for a part of a line that goes on in the next one.
    public let isComplete: Bool
    /// Without the line feed; any bytes at all.
    public let text: [UInt8]

    public init(time: WallTime, stream: LogStream, isComplete: Bool, text: [UInt8]) {
        self.time = time
        self.stream = stream
        self.isComplete = isComplete
        self.text = text
    }
}

extension LogLine {
    /// As it is kept on disk, line feed included: time, stream, `F` for a full line or `P` for a part, text. The format
    /// is the one of the Kubernetes container runtime interface, so that log collectors read it.
    var record: [UInt8] {
        Array("\(time) \(stream.rawValue) \(isComplete ? "F" : "P") ".utf8) + text + [UInt8(ascii: "\n")]
    }

    /// Reads a record without its line feed.
    ///
    /// - Returns: nil for anything else, such as the end of a line whose begin was lost.
    init?(record: ArraySlice<UInt8>) {
        let fields = record.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, let time = WallTime(fields[0]),
            let stream = LogStream(rawValue: String(decoding: fields[1], as: UTF8.self)), fields[2].count == 1
        else { return nil }
        self.init(
            time: time, stream: stream, isComplete: fields[2].first == UInt8(ascii: "F"), text: Array(fields[3]))
    }
}

extension WallTime {
    /// Reads what `description` wrote.
    fileprivate init?(_ text: ArraySlice<UInt8>) {
        self.init(String(decoding: text, as: UTF8.self))
    }
}
