internal import Linux

extension InstanceMachine {
    /// Every pair of state and event stands here.
    mutating func handle(_ event: Event, at now: MonotonicTime) -> [Action] {
        switch (state, event) {
        case (.down, .wantUp), (.finished, .wantUp), (.failed, .wantUp):
            isWantedUp = true
            restarts.forget()
            return spawn(at: now)
        case (.starting, .wantUp), (.up, .wantUp), (.backingOff, .wantUp), (.preparingStop, .wantUp),
            (.stopping, .wantUp):
            // On its way down it is started again once it is there.
            isWantedUp = true
            return []

        case (.down, .wantDown), (.finished, .wantDown), (.failed, .wantDown):
            isWantedUp = false
            return []
        case (.starting, .wantDown(let time)):
            isWantedUp = false
            return stop(within: time)
        case (.up, .wantDown(let time)):
            isWantedUp = false
            return prepareStop(within: time)
        case (.preparingStop, .wantDown(let time)), (.stopping, .wantDown(let time)):
            isWantedUp = false
            isRestartForced = false
            // Whoever is in a hurry may shorten what somebody else began.
            guard let time else { return [] }
            stopsWithin = time
            return [.arm(time)]
        case (.backingOff, .wantDown):
            isWantedUp = false
            state = .down
            return [.disarm]

        case (.down, .wantRestart), (.finished, .wantRestart), (.failed, .wantRestart):
            isWantedUp = true
            restarts.forget()
            return spawn(at: now)
        case (.backingOff, .wantRestart):
            restarts.forget()
            return [.disarm] + spawn(at: now)
        case (.starting, .wantRestart(let time)):
            return stop(within: time)
        case (.up, .wantRestart(let time)):
            return prepareStop(within: time)
        case (.preparingStop, .wantRestart), (.stopping, .wantRestart):
            isWantedUp = true
            return []

        case (.down, .dependencyFailed(let reason)), (.finished, .dependencyFailed(let reason)),
            (.failed, .dependencyFailed(let reason)):
            state = .failed(reason)
            return []
        case (.starting, .dependencyFailed), (.up, .dependencyFailed), (.preparingStop, .dependencyFailed),
            (.stopping, .dependencyFailed), (.backingOff, .dependencyFailed):
            return []

        case (.starting, .started):
            state = .up(since: now)
            hasRun = true
            return []
        case (.stopping, .started):
            // The payload was not there yet to hear the first one.
            return [.sendStopSignal]
        case (.down, .started), (.up, .started), (.preparingStop, .started), (.backingOff, .started),
            (.finished, .started), (.failed, .started):
            return []

        case (.starting, .startFailed(let reason)):
            guard hasRun else {
                state = .failed(reason)
                return []
            }
            return end(isSuccess: false, at: now, otherwise: .failed(reason))
        case (.stopping, .startFailed):
            return [.disarm] + stopped(at: now)
        case (.down, .startFailed), (.up, .startFailed), (.preparingStop, .startFailed), (.backingOff, .startFailed),
            (.finished, .startFailed), (.failed, .startFailed):
            return []

        case (.starting, .exited(let status)), (.up, .exited(let status)):
            lastExit = status
            hasRun = true
            return end(isSuccess: status?.isSuccess, at: now, otherwise: .finished(status))
        case (.preparingStop, .exited(let status)), (.stopping, .exited(let status)):
            lastExit = status
            hasRun = true
            return [.disarm] + stopped(at: now)
        case (.down, .exited), (.backingOff, .exited), (.finished, .exited), (.failed, .exited):
            return []

        case (.up, .unhealthy):
            isRestartForced = true
            return prepareStop(within: nil)
        case (.down, .unhealthy), (.starting, .unhealthy), (.preparingStop, .unhealthy), (.stopping, .unhealthy),
            (.backingOff, .unhealthy), (.finished, .unhealthy), (.failed, .unhealthy):
            return []

        case (.preparingStop, .prepared), (.preparingStop, .deadline):
            return stop(within: stopsWithin)
        case (.down, .prepared), (.starting, .prepared), (.up, .prepared), (.stopping, .prepared),
            (.backingOff, .prepared), (.finished, .prepared), (.failed, .prepared):
            return []

        case (.stopping, .deadline):
            return [.kill]
        case (.backingOff, .deadline):
            return spawn(at: now)
        case (.down, .deadline), (.starting, .deadline), (.up, .deadline), (.finished, .deadline), (.failed, .deadline):
            return []
        }
    }

    private mutating func spawn(at now: MonotonicTime) -> [Action] {
        state = .starting
        startedAt = now
        return [.spawn]
    }

    private mutating func prepareStop(within time: Duration?) -> [Action] {
        guard rules.hasPreStopHooks else { return stop(within: time) }
        state = .preparingStop
        stopsWithin = time
        return [.runPreStopHooks, .arm(time ?? rules.stopGracePeriod)]
    }

    private mutating func stop(within time: Duration?) -> [Action] {
        state = .stopping
        stopsWithin = nil
        return [.sendStopSignal, .arm(time ?? rules.stopGracePeriod)]
    }

    private mutating func stopped(at now: MonotonicTime) -> [Action] {
        guard isWantedUp else {
            state = .down
            return []
        }
        guard isRestartForced else { return spawn(at: now) }
        return end(isSuccess: false, at: now, otherwise: .failed("unhealthy too often"))
    }

    private mutating func end(isSuccess: Bool?, at now: MonotonicTime, otherwise end: State) -> [Action] {
        let isForced = isRestartForced
        isRestartForced = false
        switch restarts.ended(isSuccess: isSuccess, after: now - startedAt, isForced: isForced) {
        case .restart(let delay):
            state = .backingOff(until: now + delay)
            return [.arm(delay)]
        case .done, .exhausted:
            state = end
            return []
        }
    }
}
