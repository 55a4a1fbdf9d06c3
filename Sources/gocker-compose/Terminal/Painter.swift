internal import Linux

/// Paints a picture of some lines again and again over the one before, at the end of what is on a terminal.
///
/// It changes no mode of the terminal and does not hide the cursor, which stands below the picture between two of them:
/// however the program ends, there is nothing to restore.
struct Painter {
    private let stream: OutputStream
    /// The picture that is there, as widths of its lines; nil for none.
    private var painted: [StyledLine] = []

    init(on stream: OutputStream) {
        self.stream = stream
    }

    /// The terminal's size now; a usual one where it does not say.
    var size: TerminalSize {
        guard let size = try? FileDescriptor.duplicate(stream.rawValue).terminalSize(), size.columns > 0, size.rows > 0
        else { return TerminalSize(columns: 80, rows: 24) }
        return size
    }

    mutating func paint(_ lines: [StyledLine], size: TerminalSize) {
        guard lines != painted else { return }
        writeBytes(Self.bytes(lines, over: painted, columns: Int(size.columns), stream.isColoured).utf8, to: stream)
        painted = lines
    }

    /// Leaves the picture where it is: the next one comes below it.
    mutating func leave() {
        painted = []
    }

    /// What paints `lines` over `painted`, in one write, so that nobody sees half a picture.
    static func bytes(
        _ lines: [StyledLine], over painted: [StyledLine], columns: Int, _ isColoured: Bool
    ) -> String {
        // A terminal that has been made narrower since has broken the longer lines.
        let rows = painted.reduce(0) { $0 + max(1, ($1.width + columns - 1) / max(1, columns)) }
        let home = rows > 0 ? "\r\u{1B}[\(rows)A" : "\r"
        return home + lines.map { $0.rendered(isColoured: isColoured) + "\u{1B}[K\n" }.joined() + "\u{1B}[J"
    }
}
