/// Rows and columns for people.
struct Table {
    struct Column {
        let title: String
        /// Numbers stand below each other at their ends.
        var isNumeric = false
        /// Left out where all its cells are empty.
        var isOptional = false
        /// In cells; longer text is cut, unless somebody wants all of it.
        var widest: Int?
    }

    struct Cell: ExpressibleByStringLiteral {
        let text: String
        var style = TextStyle.plain

        init(_ text: String, _ style: TextStyle = .plain) {
            self.text = text
            self.style = style
        }

        /// What is not there is a dash.
        init(_ text: String?) { self.init(text ?? "-") }

        init(stringLiteral value: String) { self.init(value) }
    }

    private static let empty: Set<String> = ["", "-"]

    let columns: [Column]
    var rows: [[Cell]] = []

    /// The heading and a line a row.
    func lines(isCut: Bool = true) -> [StyledLine] {
        let shown = columns.indices.filter { column in
            !columns[column].isOptional || rows.contains { !Self.empty.contains($0[column].text) }
        }
        func text(_ cell: Cell, _ column: Int) -> String {
            guard isCut, let widest = columns[column].widest, TextWidth.of(cell.text) > widest else { return cell.text }
            return TextWidth.prefix(of: cell.text, cells: widest - 1) + "…"
        }
        let heading = columns.map { Cell($0.title, .bold) }
        let all = [heading] + rows
        let widths = columns.indices.map { column in all.map { TextWidth.of(text($0[column], column)) }.max() ?? 0 }
        return all.map { row in
            var line = StyledLine()
            for column in shown {
                let text = text(row[column], column)
                let blanks = String(repeating: " ", count: widths[column] - TextWidth.of(text))
                let isLast = column == shown.last
                if columns[column].isNumeric { line.add(blanks) }
                line.add(text, row[column].style)
                if !columns[column].isNumeric, !isLast { line.add(blanks) }
                if !isLast { line.add("  ") }
            }
            return line
        }
    }
}
