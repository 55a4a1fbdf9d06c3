internal import Linux

/// Which of a service's two outputs something came from.
public enum LogStream: String, Codable, Hashable, Sendable, CaseIterable {
    case standardOutput = "stdout"
    case standardError = "stderr"
}

/// The outputs of a service that ended in the middle of a line.
struct OpenLines: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let standardOutput = OpenLines(rawValue: 1)
    static let standardError = OpenLines(rawValue: 2)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(_ stream: LogStream) {
        self = stream == .standardOutput ? .standardOutput : .standardError
    }
}

/// What is kept at once: everything that one read of an output gave, however many lines that is.
///
/// A line belongs to the record in which it ends, and has its number and its time from there. The rest of the bytes is the
/// begin of a line that ends in a later record of the same stream.
struct LogRecord {
    enum Kind: UInt8, Sendable {
        /// What the service printed.
        case output = 1
        /// The open line of the stream ends here, without a line feed: the service has ended.
        case lineEnd = 2
        /// Lines of the stream were not kept; its open line is among them.
        case dropped = 3
    }

    var kind: Kind
    var stream: LogStream
    var time: WallTime
    /// The number of the first line that ends here: each line of an instance has the next one, from 1 on.
    var first: UInt64
    /// How many lines end here, or were dropped.
    var lines: UInt64
    /// Whether it begins in the middle of a line.
    var continues: Bool
    /// Which lines are open behind it. Not known to every format.
    var open: OpenLines
    /// The bytes as they were printed, or those of a `LogRecord.Cause`. Valid as long as the buffer they lie in.
    var payload: UnsafeRawBufferPointer

    /// The number that the next record begins with.
    var next: UInt64 { first &+ lines }
}

/// Why lines were dropped.
enum DropCause: Hashable, Sendable {
    /// `mode: non-blocking`, and more came than was to be kept.
    case overflow
    /// Writing failed.
    case failure(Errno)

    /// As records have it: nothing, or the error number.
    var code: UInt32 {
        switch self {
        case .overflow: 0
        case .failure(let errno): UInt32(bitPattern: errno.rawValue)
        }
    }

    init(code: UInt32) {
        self = code == 0 ? .overflow : .failure(Errno(rawValue: Int32(bitPattern: code)))
    }

    var sentence: String {
        switch self {
        case .overflow: "it printed more than its buffer holds (mode: non-blocking)"
        case .failure(let errno): "they could not be written: \(errno)"
        }
    }
}
