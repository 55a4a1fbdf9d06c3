extension DependencyDiagram {
    /// Where things are in the picture, in pixels.
    private enum Layout {
        static let rowHeight = 56
        static let boxHeight = 32
        static let gap = 150
        static let margin = 20
        /// Of a letter of the monospaced font, at 13 pixels.
        static let letterWidth = 8
    }

    /// A picture: services in columns, each to the left of what it needs.
    public var svg: String {
        let columns = Array(levels.reversed())
        var boxes: [String: Box] = [:]
        var x = Layout.margin
        for (number, column) in columns.enumerated() {
            let width = (column.map(\.count).max() ?? 0) * Layout.letterWidth + 24
            for (row, service) in column.enumerated() {
                boxes[service] = Box(column: number, x: x, y: Layout.margin + row * Layout.rowHeight, width: width)
            }
            x += width + Layout.gap
        }
        let width = max(x - Layout.gap, Layout.margin) + Layout.margin
        let height = (columns.map(\.count).max() ?? 0) * Layout.rowHeight + Layout.margin
        let arrows = edges.compactMap { edge -> Arrow? in
            guard let from = boxes[edge.from], let to = boxes[edge.to] else { return nil }
            return Arrow(edge, from, to)
        }
        let shapes = services.map { service -> String in
            guard let box = boxes[service] else { return "" }
            return Self.box(service, box)
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" font-family="monospace" \
            font-size="13">
            <title>\(name)</title>
            <defs><marker id="tip" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="7" markerHeight="7" \
            orient="auto"><path d="M0 0L10 5L0 10z" fill="#555"/></marker></defs>
            <rect width="100%" height="100%" fill="white"/>
            \((arrows.map(\.curve) + shapes + arrows.map(\.words)).joined())</svg>

            """
    }

    private struct Box {
        let column: Int
        let x: Int
        let y: Int
        let width: Int

        var middle: Int { y + Layout.boxHeight / 2 }
    }

    private static func box(_ service: String, _ box: Box) -> String {
        """
        <rect x="\(box.x)" y="\(box.y)" width="\(box.width)" height="\(Layout.boxHeight)" rx="5" fill="#eef4fb" \
        stroke="#456"/>
        <text x="\(box.x + box.width / 2)" y="\(box.middle + 4)" text-anchor="middle">\(service)</text>

        """
    }

    /// An arrow, and the words on it, which nothing may cover.
    private struct Arrow {
        let curve: String
        let words: String

        init(_ edge: Edge, _ from: Box, _ to: Box) {
            let start = from.x + from.width
            let middle = (start + to.x) / 2
            var handles = (from.middle, to.middle)
            // One that passes a column goes between its rows: the curve comes three quarters of the way to its handles.
            if to.column - from.column > 1 {
                let below = max(from.middle, to.middle) + (Layout.rowHeight / 2) * 4 / 3
                handles = (below, below)
            }
            let dashes = edge.isRequired ? "" : " stroke-dasharray=\"5 4\""
            let halfway = (from.middle + 3 * handles.0 + 3 * handles.1 + to.middle) / 8
            curve = """
                <path d="M\(start) \(from.middle)C\(middle) \(handles.0) \(middle) \(handles.1) \(to.x) \(to.middle)" \
                fill="none" stroke="#555" marker-end="url(#tip)"\(dashes)/>

                """
            words = """
                <text x="\(middle)" y="\(halfway - 4)" text-anchor="middle" font-size="11" fill="#555" stroke="white" \
                stroke-width="3" paint-order="stroke">\(edge.label)</text>

                """
        }
    }
}
