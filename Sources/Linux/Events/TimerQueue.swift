/// Points in time at which something is to happen, each under a key. Pure: the caller waits, and passes the time in.
///
/// A heap, in which a deadline that does not hold any more stays until it comes to the top: what is asked for all the time,
/// the next one, is at hand, however many there are.
public struct TimerQueue<Key: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        let deadline: MonotonicTime
        let key: Key
    }

    /// What holds.
    private var deadlines: [Key: MonotonicTime] = [:]
    /// No entry is earlier than the one at half its index; the first one holds.
    private var heap: [Entry] = []

    public init() {}

    /// Sets the timer of `key`, in place of the one it has.
    public mutating func arm(_ key: Key, at deadline: MonotonicTime) {
        if deadlines.updateValue(deadline, forKey: key) == deadline { return }
        heap.append(Entry(deadline: deadline, key: key))
        rise(heap.count - 1)
        settle()
    }

    public mutating func disarm(_ key: Key) {
        if deadlines.removeValue(forKey: key) != nil { settle() }
    }

    /// When the next one is due; nil where none is set.
    public var next: MonotonicTime? { heap.first?.deadline }

    /// Removes the timers that are due, and returns their keys, the earliest first.
    public mutating func popDue(at now: MonotonicTime) -> [Key] {
        var due: [Key] = []
        while let first = heap.first, first.deadline <= now {
            due.append(first.key)
            deadlines[first.key] = nil
            settle()
        }
        return due
    }

    /// Makes the first entry one that holds, and forgets the others once they are the greater part.
    private mutating func settle() {
        if heap.count > 2 * deadlines.count + 16 {
            heap = deadlines.map { Entry(deadline: $0.value, key: $0.key) }.sorted { $0.deadline < $1.deadline }
        }
        while let first = heap.first, deadlines[first.key] != first.deadline {
            let last = heap.removeLast()
            guard !heap.isEmpty else { return }
            heap[0] = last
            sink(0)
        }
    }

    private mutating func rise(_ index: Int) {
        var index = index
        while index > 0, heap[index].deadline < heap[(index - 1) / 2].deadline {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink(_ index: Int) {
        var index = index
        while true {
            let children = 2 * index + 1..<min(2 * index + 3, max(heap.count, 2 * index + 1))
            guard let child = children.min(by: { heap[$0].deadline < heap[$1].deadline }),
                heap[child].deadline < heap[index].deadline
            else { return }
            heap.swapAt(index, child)
            index = child
        }
    }
}
