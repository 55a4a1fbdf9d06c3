public import Linux

/// One line that a service printed, whole, however many pieces it came in.
public struct LogLine {
    /// When its end was read.
    public let time: WallTime
    public let stream: LogStream
    /// Each line of an instance has the next number, from 1 on; 0 where that is not known.
    public let number: UInt64
    /// Without the line feed; any bytes at all. Good only for as long as the call that passes it.
    public let text: UnsafeRawBufferPointer

    public init(time: WallTime, stream: LogStream, number: UInt64, text: UnsafeRawBufferPointer) {
        self.time = time
        self.stream = stream
        self.number = number
        self.text = text
    }
}

/// Lines of an instance that there were, and that are not kept.
public struct LostLines: Hashable, Sendable {
    public let time: WallTime
    /// The number of the first one.
    public let first: UInt64
    public let count: UInt64
    /// Why, as a part of a sentence.
    public let reason: String
}
