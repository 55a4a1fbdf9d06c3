extension StartAnalysis {
    /// Bars over time, in the order of the start: grey while an instance waited, blue while it was set up, green until it
    /// was healthy. Those of the critical chain have bold names.
    public var svg: String {
        let (left, row, width) = (220.0, 20.0, 800.0)
        let order = entries.sorted { ($0.released, $0.name) < ($1.released, $1.name) }
        let scale = width / max(total, 0.000_001)
        let height = Double(order.count) * row + 40
        let critical = Set(criticalChain.map(\.name))
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(number(left + width + 120))\" height=\"\(number(height))\" "
                + "font-family=\"sans-serif\" font-size=\"12\">"
        ]
        for (index, entry) in order.enumerated() {
            let y = Double(index) * row + 20
            let weight = critical.contains(entry.name) ? " font-weight=\"bold\"" : ""
            lines.append(
                "<text x=\"\(number(left - 8))\" y=\"\(number(y + 13))\" text-anchor=\"end\"\(weight)>\(entry.name)</text>"
            )
            func bar(_ from: Double, _ to: Double, _ colour: String) {
                guard to > from else { return }
                lines.append(
                    "<rect x=\"\(number(left + from * scale))\" y=\"\(number(y + 2))\" "
                        + "width=\"\(number(max(1, (to - from) * scale)))\" height=\"\(number(row - 6))\" fill=\"\(colour)\"/>"
                )
            }
            bar(entry.wanted, entry.released, "#ddd")
            bar(entry.released, entry.started, "#48a")
            bar(entry.started, entry.ready, "#4a4")
            lines.append(
                "<text x=\"\(number(left + entry.ready * scale + 6))\" y=\"\(number(y + 13))\">"
                    + "\(number(entry.own * 1000)) ms</text>")
        }
        lines.append("</svg>")
        return lines.joined(separator: "\n") + "\n"
    }

    /// With one digit behind the point.
    private func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }
}
