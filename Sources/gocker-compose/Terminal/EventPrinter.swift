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
        case .created: "created"
        case .waiting: "waits for \(detail)"
        case .starting: "starting"
        case .started: "started"
        case .healthy: "healthy"
        case .unhealthy: "unhealthy"
        case .paused: "paused"
        case .unpaused: "goes on"
        case .removed: "removed"
        case .adopted: "goes on under a new supervisor"
        case .state: detail
        case .unchanged: "running, unchanged"
        case .updated: "limits changed in place"
        case .recreating: "changed, is recreated"
        case .exited: detail
        case .restarting: "\(detail) (restarting)"
        case .failed: "failed: \(detail)"
        case .stopping: "stopping"
        case .killed: detail.isEmpty ? "killed: it did not stop in time" : "got \(detail)"
        case .stopped: "stopped"
        case .orphan: "is not in the stack file any more and still there; gocker-compose down takes it away"
        case .leftBehind: "was running without a supervisor, and has been stopped"
        }
    }

    private func mark(_ kind: StackEvent.Kind) -> (String, String) {
        switch kind {
        case .created, .started, .healthy, .unchanged, .updated, .stopped, .unpaused, .removed, .adopted: ("✔", "32")
        case .failed, .unhealthy: ("✘", "31")
        case .restarting, .killed, .orphan, .leftBehind: ("!", "33")
        case .waiting, .starting, .state, .paused, .exited, .recreating, .stopping: ("•", "36")
        }
    }
}
