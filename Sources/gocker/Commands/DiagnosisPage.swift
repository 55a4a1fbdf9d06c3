internal import Runtime

/// A diagnosis as people read it: a line for each finding, and what a lack costs and takes below it.
struct DiagnosisPage {
    private let diagnosis: Diagnosis
    private let isColoured: Bool

    init(_ diagnosis: Diagnosis, isColoured: Bool) {
        self.diagnosis = diagnosis
        self.isColoured = isColoured
    }

    var text: String {
        let width = diagnosis.findings.map(\.name.count).max() ?? 0
        let indent = String(repeating: " ", count: Self.markWidth + width + 4)
        var lines: [String] = []
        for finding in diagnosis.findings {
            lines.append("\(mark(finding.verdict))  \(Self.padded(finding.name, width))  \(finding.text)")
            if let cost = finding.cost { lines.append("\(indent)cost: \(cost)") }
            if let remedy = finding.remedy { lines.append("\(indent)help: \(remedy)") }
        }
        return (lines + ["", conclusion]).joined(separator: "\n")
    }

    private var conclusion: String {
        guard !diagnosis.canRun else { return "gocker run can work here." }
        var names: [String] = []
        for finding in diagnosis.obstacles where !names.contains(finding.name) { names.append(finding.name) }
        return "gocker run cannot work here: \(names.joined(separator: ", "))."
    }

    private static let markWidth = 7

    private func mark(_ verdict: Finding.Verdict) -> String {
        let word = Self.padded(verdict.rawValue, Self.markWidth)
        guard isColoured else { return word }
        let colour =
            switch verdict {
            case .ok: "32"
            case .warning: "33"
            case .missing: "31"
            }
        return "\u{1B}[\(colour)m\(word)\u{1B}[0m"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
