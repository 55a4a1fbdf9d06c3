internal import Linux

/// Shows one table after the other: on a terminal each over the one before, elsewhere one below the other.
final class StatsScreen {
    enum Wakening {
        case timePassed
        case resized
        /// By a signal, with the exit code that it means.
        case ended(Int32)
    }

    private let isPainted: Bool
    private var painter = Painter(on: .standardOutput)
    private var shown: (lines: [StyledLine], isCut: Bool) = ([], true)

    init(isPainted: Bool) {
        self.isPainted = isPainted
    }

    func show(_ lines: [StyledLine], isCut: Bool) {
        shown = (lines, isCut)
        isPainted ? repaint() : writeLines(lines, to: .standardOutput)
    }

    /// Paints the present table for the present size.
    func repaint() {
        guard isPainted, !shown.lines.isEmpty else { return }
        let size = painter.size
        let room = max(1, Int(size.rows) - 1)
        var lines = shown.lines
        if lines.count > room {
            let more = lines.count - (room - 1)
            lines = lines.prefix(max(1, room - 1)) + [StyledLine("… \(more) more", .dim)]
        }
        if shown.isCut { lines = lines.map { $0.cut(to: Int(size.columns)) } }
        painter.paint(lines, size: size)
    }

    func wait(_ time: Duration, _ signals: borrowing SignalQueue) throws -> Wakening {
        let poller = try Poller()
        try poller.add(signals.descriptor, token: 0)
        guard try !poller.wait(timeout: time).isEmpty, let signal = try signals.next() else { return .timePassed }
        if signal == .windowChanged { return .resized }
        // What the terminal shows of Ctrl-C.
        if isPainted { writeBytes("\r\u{1B}[K".utf8, to: .standardOutput) }
        return .ended(128 + signal.rawValue)
    }
}
