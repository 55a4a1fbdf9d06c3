internal import Linux

/// One of the two streams a program prints to.
enum OutputStream: Int32 {
    case standardOutput = 1
    case standardError = 2

    /// Whether a person looks at it.
    var isTerminal: Bool { Linux.isTerminal(rawValue) }

    /// Whether it gets colours.
    var isColoured: Bool { Appearance.isColoured(isTerminal: isTerminal) }
}

/// Writes a line. Nobody reading it is no error of ours.
func writeLine(_ text: String, to stream: OutputStream) {
    writeBytes("\(text)\n".utf8, to: stream)
}

/// Writes bytes as they are.
func writeBytes(_ bytes: some Sequence<UInt8>, to stream: OutputStream) {
    try? FileDescriptor.duplicate(stream.rawValue).writeAll(bytes)
}

/// Writes lines, in colours where the stream gets them.
func writeLines(_ lines: [StyledLine], to stream: OutputStream) {
    let isColoured = stream.isColoured
    writeBytes(lines.map { $0.rendered(isColoured: isColoured) + "\n" }.joined().utf8, to: stream)
}
