internal import Linux

/// Lays a `ProgressBoard` out for a terminal: a header, and a line an instance.
///
///     [+] up 2/3
///      ✔ db-1   healthy                        1.2s
///      ⠙ web-1  waiting for cache              0.3s
enum ProgressLayout {
    static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
    /// How long a picture of the spinner is shown.
    static let frame = Duration.milliseconds(100)

    /// Narrower than this there is room for the names only.
    private static let narrowest = 30

    /// - Parameters:
    ///   - size: of the terminal, one row of which is left to the cursor.
    ///   - isLast: whether nothing will be painted over it: then nothing spins, and all that is not well is there.
    static func lines(
        _ board: ProgressBoard, at now: MonotonicTime, size: TerminalSize, isLast: Bool = false
    ) -> [StyledLine] {
        let width = max(1, Int(size.columns))
        var header = StyledLine("[+] \(board.verb) ")
        header.add("\(board.done)/\(board.total)", board.isWorking ? .plain : .green)
        let room = max(1, Int(size.rows) - 2)
        let shown = select(board.rows, room: room, isLast: isLast)
        let names = shown.map { TextWidth.of($0.instance) }.max() ?? 0
        let bodies = shown.map { body($0, names: names, at: now, isLast: isLast) }
        let times = shown.map { duration($0.elapsed(at: now)) }
        // The times are in one column, next to the longest line.
        let timeWidth = times.map(\.count).max() ?? 0
        let edge = min(width - timeWidth - 1, max(bodies.map(\.width).max() ?? 0, 40) + 1)

        // Without an end of it the count would be wrong for ever.
        var lines = isLast && board.done < board.total ? [] : [header]
        for (body, time) in zip(bodies, times) {
            guard width >= narrowest else {
                lines.append(body.cut(to: width))
                continue
            }
            var line = body.cut(to: edge - 1)
            line.add(String(repeating: " ", count: edge - line.width + timeWidth - time.count + 1))
            line.add(time, .dim)
            lines.append(line)
        }
        if shown.count < board.rows.count {
            lines.append(StyledLine("   … \(board.rows.count - shown.count) more", .dim))
        }
        return lines.map { $0.cut(to: width) }
    }

    private static func body(
        _ row: ProgressBoard.Row, names: Int, at now: MonotonicTime, isLast: Bool
    ) -> StyledLine {
        var line = StyledLine(" ")
        let state = row.look.state
        line.add(state == .working && !isLast ? spinner[picture(at: now)] : state.sign, state.style)
        line.add(" " + TextWidth.padded(row.instance, to: names))
        line.add("  \(row.sentence)", state == .failed ? .red : .plain)
        return line
    }

    /// Which rows are shown, in their order, where there are too many: those that are not done before those that are.
    private static func select(_ rows: [ProgressBoard.Row], room: Int, isLast: Bool) -> [ProgressBoard.Row] {
        guard rows.count > room else { return rows }
        // One line says how many are left out.
        var left = room - 1
        var isShown = rows.map { row in
            let wanted = isLast ? row.look.state != .done : row.look.state == .working || row.look.state == .failed
            guard wanted, isLast || left > 0 else { return false }
            left -= 1
            return true
        }
        for index in rows.indices.reversed() where left > 0 && !isShown[index] {
            isShown[index] = true
            left -= 1
        }
        return zip(rows, isShown).filter(\.1).map(\.0)
    }

    private static func picture(at now: MonotonicTime) -> Int {
        Int(now.nanoseconds / 100_000_000) % spinner.count
    }

    /// `0.3s`, `12.0s`, `2m05s`, `1h02m`.
    static func duration(_ duration: Duration) -> String {
        let tenths = max(0, Int(duration / .milliseconds(100)))
        let seconds = tenths / 10
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if seconds < 60 { return "\(seconds).\(tenths % 10)s" }
        if seconds < 3600 { return "\(seconds / 60)m\(twoDigits(seconds % 60))s" }
        return "\(seconds / 3600)h\(twoDigits(seconds / 60 % 60))m"
    }
}
