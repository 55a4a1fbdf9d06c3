internal import Linux
internal import Runtime

/// Cgroups of runs that have ended, which could not be removed at once: what was killed leaves its cgroup when it is really
/// gone, which takes a moment, and nobody is made to wait for that.
struct CgroupLeavings {
    /// Those that nobody has tried to remove yet.
    private var fresh: [Cgroup] = []
    private var cgroups: [Cgroup] = []
    private var delay = Self.shortest

    private static let shortest = Duration.milliseconds(5)
    private static let longest = Duration.seconds(2)

    /// Takes a cgroup that is to be removed once there is nothing more urgent: its instance may have to be started again.
    mutating func append(_ cgroup: Cgroup) { fresh.append(cgroup) }

    /// Removes what it was given, now or later.
    ///
    /// - Returns: when to try again; nil where that is known already, or nothing is left.
    mutating func removeFresh() -> Duration? {
        guard !fresh.isEmpty else { return nil }
        let wasEmpty = cgroups.isEmpty
        cgroups += fresh.filter { !$0.remove(within: .zero) }
        fresh = []
        guard wasEmpty, !cgroups.isEmpty else { return nil }
        delay = Self.shortest
        return delay
    }

    /// Tries again.
    ///
    /// - Returns: when to do so once more; nil where nothing is left, or nothing more is to be expected: the next supervisor
    ///   finds what is.
    mutating func tryAgain() -> Duration? {
        cgroups.removeAll { $0.remove(within: .zero) }
        guard !cgroups.isEmpty, delay < Self.longest else { return nil }
        delay *= 2
        return delay
    }

    /// Waits for them, as long as that makes sense.
    mutating func finish() {
        for cgroup in fresh + cgroups { cgroup.remove() }
        (fresh, cgroups) = ([], [])
    }
}
