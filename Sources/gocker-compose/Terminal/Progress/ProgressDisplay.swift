internal import Compose
internal import Linux

/// Shows on standard error what a command does to instances. Standard output is the services'.
///
///     let display = ProgressDisplay(verb: "up", instances: names)
///     defer { display.end() }
///     try client.up(stack, files: files, onEvent: display.show, whileWaiting: display.wait)
///
/// In attached mode call `giveWay` before anything else is printed; a loop of its own asks `nextFrame` for how long it may
/// sleep, and calls `refresh` then.
final class ProgressDisplay {
    private let mode: ProgressMode
    private let verb: String
    private let names: Int
    private var board: ProgressBoard
    private var painter = Painter(on: .standardError)
    private var paintedAt: MonotonicTime?
    private var isStale = false
    /// Whether the picture has been left, and events are lines from now on.
    private var isOver = false

    /// - Parameters:
    ///   - verb: the command, e.g. `up`.
    ///   - instances: those that something is to happen to, as far as they are known.
    init(_ mode: ProgressMode = Appearance.progress, verb: String, instances: [String] = []) {
        self.mode = mode
        self.verb = verb
        names = instances.map { TextWidth.of($0) }.max() ?? 0
        board = ProgressBoard(verb: verb, instances: instances, at: .now)
    }

    /// Shows an event; on a terminal within a tenth of a second.
    func show(_ event: StackEvent) {
        switch mode {
        case .quiet:
            if ProgressLook.of(event.kind).state == .failed { printLine(event) }
        case .json: writeLine(ProgressRecord.line(event, verb: verb, at: .now), to: .standardError)
        case .plain: printLine(event)
        case .tty:
            guard !isOver else { return printLine(event) }
            board.apply(event, at: .now)
            isStale = true
            refresh()
        }
    }

    /// When to call `refresh`; nil where nothing changes by itself.
    var nextFrame: MonotonicTime? {
        guard mode == .tty, !isOver, isStale || board.isWorking, let paintedAt else { return nil }
        return paintedAt + ProgressLayout.frame
    }

    /// Paints what has changed, if it is time.
    func refresh() {
        let now = MonotonicTime.now
        guard mode == .tty, !isOver, isStale || board.isWorking,
            paintedAt.map({ $0 + ProgressLayout.frame <= now }) ?? true
        else { return }
        paint(at: now)
    }

    /// Returns once `descriptor` can be read, and paints until then.
    func wait(for descriptor: borrowing FileDescriptor) {
        guard mode == .tty, let poller = try? Poller(), (try? poller.add(descriptor, token: 0)) != nil else { return }
        // Where nothing is to be painted whoever reads waits by himself.
        while let due = nextFrame {
            guard let events = try? poller.wait(timeout: max(.zero, due - .now)), events.isEmpty else { return }
            refresh()
        }
    }

    /// Leaves the picture as it is, for something else is about to be printed. What follows are lines.
    func giveWay() {
        guard mode == .tty, !isOver else { return }
        if !board.rows.isEmpty { paint(at: .now, isLast: true) }
        isOver = true
    }

    /// Paints for the last time.
    func end() {
        giveWay()
    }

    private func paint(at now: MonotonicTime, isLast: Bool = false) {
        let size = painter.size
        painter.paint(ProgressLayout.lines(board, at: now, size: size, isLast: isLast), size: size)
        paintedAt = now
        isStale = false
        guard isLast else { return }
        painter.leave()
        // What had no room on its line.
        for row in board.rows where row.look.state == .failed {
            let line = "\(row.instance)  \(row.sentence)"
            if TextWidth.of(line) + 12 > Int(size.columns) { writeLine(line, to: .standardError) }
        }
    }

    private func printLine(_ event: StackEvent) {
        let look = ProgressLook.of(event.kind)
        let text = "\(TextWidth.padded(event.instance, to: names))  \(look.sentence(event.detail))"
        var line = StyledLine()
        if OutputStream.standardError.isColoured { line.add("\(look.state.sign) ", look.state.style) }
        line.add(text)
        writeLine(line.rendered(isColoured: OutputStream.standardError.isColoured), to: .standardError)
    }
}
