internal import Linux

/// The children of the program that this process was before it executed the present one: what checked services, compresses
/// logs, keeps terminals. Somebody has to take note of their ends: one that is dead and still there keeps the PID namespace
/// of its service from ending.
struct StrayChildren {
    private final class Child {
        let process: ProcessHandle

        init(_ process: consuming ProcessHandle) {
            self.process = process
        }
    }

    private var children: [Child] = []

    /// None.
    init() {}

    /// - Parameters:
    ///   - present: the children that there were at the begin: what this program starts itself has somebody who waits
    ///     for it.
    ///   - known: those of them that somebody else waits for.
    init(_ present: [Int32], except known: Set<Int32>) {
        for number in present where !known.contains(number) {
            if let child = try? ProcessHandle(opening: number) { children.append(Child(child)) }
        }
        reap()
    }

    /// To be called when a child has ended.
    mutating func reap() {
        children.removeAll { (try? $0.process.poll()) != nil }
    }
}
