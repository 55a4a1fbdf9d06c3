internal import Compose
internal import Linux

/// Shows a `LogView` on the two output streams.
struct LogScreen {
    private let view: LogView
    private var layout: LogPrinter
    private var output = LineOutput()

    init(_ view: LogView, style: LogPrinter.Style) {
        self.view = view
        layout = LogPrinter(instances: view.instances, style: style)
    }

    /// Prints what there is.
    mutating func show() throws {
        try print()
        if !view.isSupervised { printOpenLines() }
        output.flush()
    }

    /// Prints further lines as they come.
    ///
    /// - Returns: whether a signal ended it, and not the end of the stack.
    mutating func follow(signals: borrowing SignalQueue) throws -> Bool {
        while true {
            switch try view.wait(signals: signals) {
            case .signal: return true
            case .changed:
                // What was printed at the very end can still be read, though the stack may have been removed with it.
                let isGone = view.isGone
                try print()
                if isGone { printOpenLines() }
                output.flush()
                if isGone { return false }
            case .ended:
                try print()
                printOpenLines()
                output.flush()
                return false
            }
        }
    }

    /// Prints what has come since the last time.
    ///
    /// - Parameter before: called before the first line, where there is one.
    mutating func printNew(before: () -> Void) throws {
        try print(before: before)
        output.flush()
    }

    private mutating func print(before: () -> Void = {}) throws {
        var isFirst = true
        try view.read { index, line in
            if isFirst { before() }
            isFirst = false
            layout.know(view)
            output.begin(line.stream)
            layout.append(line, of: index, to: &output.bytes)
            output.ended()
        } lost: { index, lost in
            layout.know(view)
            output.begin(OutputStream.standardError)
            layout.append(lost, of: index, to: &output.bytes)
            output.ended()
        }
    }

    private mutating func printOpenLines() {
        view.finish { index, line in
            output.begin(line.stream)
            layout.append(line, of: index, to: &output.bytes)
            output.ended()
        }
    }
}

/// Lines on their way to the two output streams, many in one write, and in their order also where both are one terminal.
struct LineOutput {
    var bytes: [UInt8] = []
    private var stream: OutputStream = .standardOutput
    private static let most = 256 << 10

    init() {
        bytes.reserveCapacity(Self.most + 65536)
    }

    /// What is added next goes to the stream of a service's output.
    mutating func begin(_ next: LogStream) {
        begin(next == .standardOutput ? OutputStream.standardOutput : OutputStream.standardError)
    }

    mutating func begin(_ next: OutputStream) {
        if next != stream { flush() }
        stream = next
    }

    mutating func ended() {
        if bytes.count >= Self.most { flush() }
    }

    mutating func flush() {
        guard !bytes.isEmpty else { return }
        // Nobody reading it is no error of ours.
        try? bytes.withUnsafeBytes { try FileDescriptor.duplicate(stream.rawValue).writeAll($0) }
        bytes.removeAll(keepingCapacity: true)
    }
}
