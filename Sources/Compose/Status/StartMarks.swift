internal import Linux

/// Points of the last start of an instance that nothing else remembers.
struct StartMarks: Hashable, Sendable {
    /// When somebody asked for it.
    var wantedAt: MonotonicTime
    /// When it was first healthy after that; nil where it was not yet, or nobody looks.
    var healthyAt: MonotonicTime?
}
