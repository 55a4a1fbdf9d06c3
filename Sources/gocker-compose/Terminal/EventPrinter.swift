internal import Compose

/// Says what happens to instances, a line each, on standard error: standard output is the services'.
struct EventPrinter {
    private let isColoured = OutputStream.standardError.isColoured
    private let width: Int

    /// - Parameter instances: those whose names are to stand in one column.
    init(instances: [String] = []) {
        width = instances.map(\.count).max() ?? 0
    }

    func print(_ event: StackEvent) {
        let name = event.instance + String(repeating: " ", count: max(0, width - event.instance.count))
        guard isColoured else { return writeLine("\(name)  \(sentence(event))", to: .standardError) }
        let (sign, colour) = mark(event.kind)
        writeLine("\u{1B}[\(colour)m\(sign)\u{1B}[0m \(name)  \(sentence(event))", to: .standardError)
    }

    private func sentence(_ event: StackEvent) -> String {
        let detail = event.detail ?? ""
        return switch event.kind {
        case .started: "started"
        case .unchanged: "running, unchanged"
        case .updated: "limits changed in place"
        case .recreating: "changed, is recreated"
        case .exited: detail
        case .restarting: "\(detail) (restarting)"
        case .failed: "failed: \(detail)"
        case .stopping: "stopping"
        case .killed: "killed: it did not stop in time"
        case .stopped: "stopped"
        case .orphan: "is not in the stack file any more and still there; gocker-compose down takes it away"
        case .leftBehind: "was running without a supervisor, and has been stopped"
        }
    }

    private func mark(_ kind: StackEvent.Kind) -> (String, String) {
        switch kind {
        case .started, .unchanged, .updated, .stopped: ("✔", "32")
        case .failed: ("✘", "31")
        case .restarting, .killed, .orphan, .leftBehind: ("!", "33")
        case .exited, .recreating, .stopping: ("•", "36")
        }
    }
}
