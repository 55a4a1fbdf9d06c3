internal import Compose
internal import Linux

/// What has happened so far, a row an instance: events in, time passed in.
struct ProgressBoard {
    struct Row {
        let instance: String
        fileprivate(set) var look: ProgressLook
        fileprivate(set) var detail: String?
        /// When something first went on.
        fileprivate let begin: MonotonicTime
        /// When what it says now came to hold.
        fileprivate var changed: MonotonicTime

        var sentence: String { look.sentence(detail) }

        /// How long it has been going on, or went on.
        func elapsed(at now: MonotonicTime) -> Duration { (look.state == .working ? now : changed) - begin }
    }

    let verb: String
    private let begin: MonotonicTime
    /// Instances that nothing is known of yet.
    private var silent: Set<String>
    /// In the order in which something was heard of them.
    private(set) var rows: [Row] = []
    private var places: [String: Int] = [:]

    /// - Parameters:
    ///   - verb: the command, e.g. `up`.
    ///   - instances: those that something is to happen to.
    init(verb: String, instances: [String], at now: MonotonicTime) {
        self.verb = verb
        silent = Set(instances)
        begin = now
    }

    mutating func apply(_ event: StackEvent, at now: MonotonicTime) {
        let look = ProgressLook.of(event.kind)
        silent.remove(event.instance)
        guard let place = places[event.instance] else {
            places[event.instance] = rows.count
            let row = Row(
                instance: event.instance, look: look, detail: event.detail, begin: look.state == .working ? now : begin,
                changed: now)
            return rows.append(row)
        }
        rows[place].look = look
        rows[place].detail = event.detail
        rows[place].changed = now
    }

    var done: Int { rows.count { $0.look.state != .working } }
    var total: Int { rows.count + silent.count }

    /// Whether something goes on, so that the picture changes by itself.
    var isWorking: Bool { rows.contains { $0.look.state == .working } }
}
