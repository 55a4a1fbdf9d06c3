internal import Linux

/// A system log, which takes lines one by one.
protocol MessageSender: AnyObject {
    /// Sends one line, or a part of one that goes on.
    func send(
        _ text: UnsafeRawBufferPointer, _ stream: LogStream, _ time: WallTime, goesOn: Bool
    ) throws(SystemError)
}

/// A system log. What has come of a line that has not ended waits here, up to the length of a part.
final class MessageDestination: LogDestination {
    private let sender: any MessageSender
    private var cutters = (output: LineCutter(), error: LineCutter())

    init(_ sender: any MessageSender) {
        self.sender = sender
    }

    func write(
        _ bytes: inout UnsafeRawBufferPointer, from stream: LogStream, at time: WallTime
    ) throws(SystemError) {
        let all = bytes
        try cut(stream) { (cutter) throws(SystemError) in
            try cutter.take(all) { (line, goesOn) throws(SystemError) in
                try self.sender.send(line, stream, time, goesOn: goesOn)
                // What is sent need not be counted as lost.
                guard let end = line.baseAddress, let begin = all.baseAddress, end >= begin,
                    end <= begin + all.count
                else { return }
                bytes = all.part(min(end - begin + line.count + (goesOn ? 0 : 1), all.count), all.count)
            }
        }
    }

    func tellDropped(
        _ lines: UInt64, _ cause: DropCause, from stream: LogStream, at time: WallTime
    ) throws(SystemError) {
        let text = Array("\(lines) lines were not kept: \(cause.sentence)".utf8)
        try text.withBytes { (text) throws(SystemError) in
            try sender.send(text, stream, time, goesOn: false)
        }
        cut(stream) { (cutter) in cutter.forget() }
    }

    func endLine(of stream: LogStream, at time: WallTime) throws(SystemError) {
        try cut(stream) { (cutter) throws(SystemError) in
            try cutter.finish { (line, goesOn) throws(SystemError) in
                try self.sender.send(line, stream, time, goesOn: goesOn)
            }
        }
    }

    private func cut<Failure: Error>(
        _ stream: LogStream, _ body: (inout LineCutter) throws(Failure) -> Void
    ) throws(Failure) {
        switch stream {
        case .standardOutput: try body(&cutters.output)
        case .standardError: try body(&cutters.error)
        }
    }
}
