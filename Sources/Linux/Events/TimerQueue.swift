/// Points in time at which something is to happen, each under a key. Pure: the caller waits, and passes the time in.
public struct TimerQueue<Key: Hashable & Sendable>: Sendable {
    private var deadlines: [Key: MonotonicTime] = [:]

    public init() {}

    /// Sets the timer of `key`, in place of the one it has.
    public mutating func arm(_ key: Key, at deadline: MonotonicTime) {
        deadlines[key] = deadline
    }

    public mutating func disarm(_ key: Key) {
        deadlines[key] = nil
    }

    /// When the next one is due; nil where none is set.
    public var next: MonotonicTime? { deadlines.values.min() }

    /// Removes the timers that are due, and returns their keys, the earliest first.
    public mutating func popDue(at now: MonotonicTime) -> [Key] {
        let due = deadlines.filter { $0.value <= now }.sorted { $0.value < $1.value }.map(\.key)
        for key in due { deadlines[key] = nil }
        return due
    }
}
