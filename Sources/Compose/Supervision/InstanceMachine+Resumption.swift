internal import Linux

extension InstanceMachine {
    /// What an earlier supervisor has written down of an instance.
    struct Memory: Hashable, Sendable {
        var state: State
        var isWantedUp: Bool
        var restarts: RestartTracker.Memory
        var lastExit: ExitStatus?
        var hasRun: Bool
        var startedAt: MonotonicTime
        /// Whether what it was last run for is a hook before its start.
        var isPreparing = false
    }

    var memory: Memory {
        Memory(
            state: state, isWantedUp: isWantedUp, restarts: restarts.memory, lastExit: lastExit, hasRun: hasRun,
            startedAt: startedAt)
    }

    /// Goes on where an earlier supervisor stopped, knowing whether the process is still there.
    ///
    /// - Parameter exit: how it ended meanwhile, where somebody can tell.
    /// - Returns: what to do so that life goes on as it would have.
    mutating func resume(_ memory: Memory, hasProcess: Bool, exit: ExitStatus?, at now: MonotonicTime) -> [Action] {
        state = memory.state
        isWantedUp = memory.isWantedUp
        restarts = RestartTracker(rules.restart, memory: memory.restarts)
        lastExit = memory.lastExit
        hasRun = memory.hasRun
        startedAt = memory.startedAt
        if memory.isPreparing, hasProcess, state != .stopping {
            // However far that had been written down.
            isWantedUp = true
            state = .starting
            return []
        }
        switch (state, hasProcess) {
        case (.up, true): return []
        case (.starting, true) where rules.hasPostStartHooks:
            // They are run again, from the first one: nobody knows how far they got.
            return []
        case (.starting, true), (.down, true), (.backingOff, true), (.finished, true), (.failed, true):
            // It got further than could be written down.
            isWantedUp = true
            hasRun = true
            state = .up(since: now)
            return []
        case (.preparingStop, true): return prepareStopAgain()
        case (.stopping, true): return [.sendStopSignal, .arm(rules.stopGracePeriod)]
        case (.stopping, false) where memory.isPreparing: return handle(.startFailed("stopped"), at: now)
        case (.up, false), (.preparingStop, false), (.stopping, false): return handle(.exited(exit), at: now)
        // It is not known to have run at all.
        case (.starting, false): return [.spawn]
        case (.backingOff(let time), false): return [.arm(max(.zero, time - now))]
        case (.down, false), (.finished, false), (.failed, false): return []
        }
    }

    private func prepareStopAgain() -> [Action] { [.runPreStopHooks, .arm(rules.stopGracePeriod)] }
}
