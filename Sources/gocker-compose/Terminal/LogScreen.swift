internal import Compose
internal import Linux

/// Shows a `LogView` on the two output streams.
struct LogScreen {
    private let view: LogView
    private var layout: LogPrinter

    init(_ view: LogView, showsTimes: Bool = false) {
        self.view = view
        layout = LogPrinter(
            instances: view.instances, isColoured: OutputStream.standardOutput.isColoured, showsTimes: showsTimes)
    }

    /// Prints what there is from `begin` on, the last `tail` lines of it.
    mutating func show(since begin: WallTime? = nil, tail: Int? = nil) throws {
        var lines = try view.read()
        if let begin { lines.removeAll { $0.line.time < begin } }
        if let tail { lines.removeFirst(max(0, lines.count - tail)) }
        print(lines)
    }

    /// Prints further lines as they come.
    ///
    /// - Returns: whether a signal ended it, and not the end of the stack.
    mutating func follow(signals: borrowing SignalQueue) throws -> Bool {
        while !view.isOver {
            if try view.wait(signals: signals) { return true }
            print(try view.read())
        }
        print(try view.read())
        return false
    }

    /// Prints what has come since the last time.
    mutating func printNew(before: () -> Void) throws {
        let lines = try view.read()
        if !lines.isEmpty { before() }
        print(lines)
    }

    private mutating func print(_ lines: [(instance: String, line: LogLine)]) {
        for (instance, line) in lines {
            let stream: OutputStream = line.stream == .standardOutput ? .standardOutput : .standardError
            writeBytes(layout.format(line, of: instance), to: stream)
        }
    }
}
