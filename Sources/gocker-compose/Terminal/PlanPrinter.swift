internal import Compose

/// Prints a plan, a line an instance.
struct PlanPrinter {
    private let stream: OutputStream

    init(to stream: OutputStream) {
        self.stream = stream
    }

    func print(_ plan: StackPlan) {
        let width = plan.entries.map { "\($0.instance)".count }.max() ?? 0
        for entry in plan.entries {
            let name = "\(entry.instance)"
            let padding = String(repeating: " ", count: width - name.count)
            writeLine("\(paint(entry)) \(name)\(padding)  \(entry.sentence)", to: stream)
        }
    }

    private func paint(_ entry: StackPlan.Entry) -> String {
        guard stream.isColoured else { return entry.sign }
        let colour =
            switch entry.change {
            case .create, .start: "32"
            case .update, .recreate: "33"
            case .keep, .done: "2"
            case .remove, .orphan: "31"
            }
        return "\u{1B}[\(colour)m\(entry.sign)\u{1B}[0m"
    }
}
