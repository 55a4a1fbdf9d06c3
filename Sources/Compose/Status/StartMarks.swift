internal import Linux

/// The points of the last start of an instance that somebody asked for, in nanoseconds since the machine started. Later
/// restarts by its policy leave them as they are.
struct StartMarks: Hashable, Sendable {
    /// When somebody asked for it.
    var wanted: Int64
    /// When everything it needs was far enough.
    var released: Int64?
    /// When its payload ran.
    var started: Int64?
    /// When it was healthy; nil where it was not yet, or nobody looks.
    var healthy: Int64?

    init(wantedAt time: MonotonicTime) {
        wanted = time.nanoseconds
    }

    mutating func release(at time: MonotonicTime) { released = released ?? time.nanoseconds }
    mutating func start(at time: MonotonicTime) { started = started ?? time.nanoseconds }
    mutating func heal(at time: MonotonicTime) { healthy = healthy ?? time.nanoseconds }
}
