internal import Compose

/// How a kind of event looks: the one table to add a line to where there is a new kind.
struct ProgressLook: Hashable {
    /// What an event says about how far its instance is.
    enum State: String {
        /// Something goes on: a spinner, and a time that runs.
        case working = "Working"
        case done = "Done"
        /// Done, but somebody should know.
        case warning = "Warning"
        case failed = "Error"
    }

    let state: State
    /// What is said of the instance where there is no detail.
    let word: String
    /// What stands before the detail and behind it.
    private let before: String
    private let after: String

    private init(_ state: State, _ word: String, before: String? = nil, after: String = "") {
        self.state = state
        self.word = word
        self.before = before ?? "\(word): "
        self.after = after
    }

    static func of(_ kind: StackEvent.Kind) -> ProgressLook {
        switch kind {
        case .created: ProgressLook(.working, "created")
        case .waiting: ProgressLook(.working, "waiting", before: "waiting for ")
        case .starting: ProgressLook(.working, "starting")
        case .started: ProgressLook(.done, "started")
        case .healthy: ProgressLook(.done, "healthy")
        case .unhealthy: ProgressLook(.failed, "unhealthy")
        case .unchanged: ProgressLook(.done, "running, unchanged")
        case .done: ProgressLook(.done, "done, and unchanged since")
        case .updated: ProgressLook(.done, "limits changed in place")
        case .recreating: ProgressLook(.working, "changed, is recreated")
        case .exited: ProgressLook(.done, "exited", before: "")
        case .restarting: ProgressLook(.warning, "restarting", before: "", after: " (restarting)")
        case .failed: ProgressLook(.failed, "failed")
        case .stopping: ProgressLook(.working, "stopping")
        case .killed: ProgressLook(.warning, "killed: it did not stop in time", before: "got ")
        case .stopped: ProgressLook(.done, "stopped")
        case .paused: ProgressLook(.done, "paused")
        case .unpaused: ProgressLook(.done, "goes on")
        case .removed: ProgressLook(.done, "removed")
        case .orphan:
            ProgressLook(
                .warning,
                "is not in the stack file any more and still there; gocker-compose down takes it away")
        case .adopted: ProgressLook(.done, "running, supervised again")
        case .leftBehind:
            ProgressLook(.warning, "was running without a supervisor, and has been stopped")
        case .state: ProgressLook(.done, "is there", before: "")
        }
    }

    /// The whole sentence, e.g. `waiting for db to be healthy`.
    func sentence(_ detail: String?) -> String {
        guard let detail, !detail.isEmpty else { return word }
        return before + detail + after
    }
}

extension ProgressLook.State {
    /// What stands before the instance's name; a spinner stands there while something goes on.
    var sign: String {
        switch self {
        case .working: "•"
        case .done: "✔"
        case .warning: "!"
        case .failed: "✘"
        }
    }

    var style: TextStyle {
        switch self {
        case .working: .cyan
        case .done: .green
        case .warning: .yellow
        case .failed: .red
        }
    }
}
