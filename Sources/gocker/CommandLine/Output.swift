internal import Linux

/// One of the two streams a program prints to.
enum OutputStream: Int32 {
    case standardOutput = 1
    case standardError = 2

    /// Whether a person looks at it, and has not asked for plain text. See no-color.org.
    var isColoured: Bool {
        isTerminal(rawValue) && (environmentVariable("NO_COLOR") ?? "").isEmpty && environmentVariable("TERM") != "dumb"
    }
}

/// Writes a line. Nobody reading it is no error of ours.
func writeLine(_ text: String, to stream: OutputStream) {
    try? FileDescriptor.duplicate(stream.rawValue).writeAll("\(text)\n".utf8)
}
