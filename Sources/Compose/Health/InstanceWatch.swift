internal import Linux
internal import Runtime

/// Watches the health of one run of an instance: two state machines with what they act upon.
final class InstanceWatch {
    /// What a timer is for.
    enum Timer: Hashable, Sendable {
        case health, readiness
    }

    /// What it asks of whoever it belongs to.
    struct Owner {
        let arm: (Timer, Duration) -> Void
        let disarm: (Timer) -> Void
        let tell: (HealthEvent.Kind) -> Void
    }

    private let target: ProbeTarget
    private let room: WaitingRoom
    private let owner: Owner
    private var health: HealthMachine?
    private var readiness: ReadinessMachine?
    private var attempts: [Timer: Attempt] = [:]
    private var remains: [CommandRemains] = []
    private var pattern: RegularExpression?
    private var notify: (socket: NotifySocket, waiter: ProbeWaiter)?
    private var said: String?
    private var told = HealthStatus.none
    /// Whether the payload runs. What it says may be heard of before that is.
    private var isRunning = false
    private var wasAnnouncedEarly = false

    /// A probe that is under way.
    private struct Attempt {
        let probe: any Probe
        let waiter: ProbeWaiter
    }

    /// - Parameter notify: where the service says that it is ready, if it does so itself.
    init(_ target: ProbeTarget, room: WaitingRoom, owner: Owner, notify: NotifySocket?) throws(SystemError) {
        self.target = target
        self.room = room
        self.owner = owner
        let asked = target.service.health
        health = asked.check.map(HealthMachine.init)
        readiness = asked.readiness.map(ReadinessMachine.init)
        if case .log(let text)? = asked.readiness?.sign { pattern = try? RegularExpression(text) }
        guard let notify else { return }
        let waiter = ProbeWaiter(room) { [weak self] _ in self?.hear() }
        try waiter.wait(for: notify.receiver, .readable, as: 0)
        self.notify = (notify, waiter)
    }

    var report: HealthReport {
        HealthReport(
            status: status, checkStatus: health?.status ?? .none, failingStreak: health?.failingStreak ?? 0,
            isReady: isReady, results: health?.results ?? [], lastFailure: isReady ? nil : readiness?.lastFailure,
            said: said)
    }

    private var isReady: Bool { readiness.map { $0.isReady } ?? true }

    /// Both together.
    private var status: HealthStatus {
        guard health != nil || readiness != nil else { return .none }
        if health?.status == .unhealthy { return .unhealthy }
        return isReady && health?.status ?? .healthy == .healthy ? .healthy : .starting
    }

    /// Whether somebody has to pass the lines of its log to `look`.
    var wantsLines: Bool { pattern != nil && !isReady }
}

// MARK: Events

extension InstanceWatch {
    /// The payload runs.
    func started() {
        isRunning = true
        handle(readiness: .started)
        handle(health: .started)
        tellChange()
        if wasAnnouncedEarly { announced() }
    }

    /// Goes on where another supervisor was.
    func resumed(_ report: HealthReport, since start: MonotonicTime) {
        isRunning = true
        said = report.said
        told = report.status
        if report.isReady { readiness?.resumeReady() } else { handle(readiness: .started) }
        if let actions = health?.resume(report.checkStatus, failingStreak: report.failingStreak, startedAt: start) {
            perform(actions)
        }
        tellChange()
    }

    func paused() {
        handle(readiness: .paused)
        handle(health: .paused)
    }

    func unpaused() {
        handle(readiness: .unpaused)
        handle(health: .unpaused)
    }

    /// The run is over, or about to be. Nothing is told about it any more.
    func stopped() {
        isRunning = false
        handle(readiness: .stopped)
        handle(health: .stopped)
        if let notify {
            notify.waiter.forget(0, notify.socket.receiver)
            self.notify = nil
        }
        remains.removeAll { $0.isGone() }
    }

    func deadline(_ timer: Timer) {
        switch timer {
        case .health: handle(health: .deadline)
        case .readiness: handle(readiness: .deadline)
        }
    }

    /// Looks at a line of its log, of the output or of the errors, or at a part of a very long one.
    func look(at line: UnsafeRawBufferPointer) {
        guard wantsLines, let pattern, pattern.matches(line) else { return }
        announced()
    }

    private func announced() {
        wasAnnouncedEarly = !isRunning
        handle(readiness: .announced)
    }

    private func hear() {
        for message in notify?.socket.receive() ?? [] {
            switch message {
            case .ready: announced()
            case .status(let text):
                said = text
                owner.tell(.said(text))
            case .stopping: break
            }
        }
    }
}

// MARK: Actions

extension InstanceWatch {
    private func handle(health event: HealthMachine.Event) {
        guard let actions = health?.handle(event, at: .now) else { return }
        perform(actions)
    }

    private func perform(_ actions: [HealthMachine.Action]) {
        // What is known at once is dealt with once the timer that belongs to it is armed.
        var next: HealthMachine.Event?
        for action in actions {
            switch action {
            case .startProbe: next = begin(.health).map(HealthMachine.Event.init)
            case .killProbe: next = .probeTimedOut(abandon(.health))
            case .arm(let delay): owner.arm(.health, delay)
            case .disarm: owner.disarm(.health)
            case .changed: tellChange()
            }
        }
        if let next { handle(health: next) }
    }

    private func handle(readiness event: ReadinessMachine.Event) {
        guard let actions = readiness?.handle(event) else { return }
        var next: ReadinessMachine.Event?
        for action in actions {
            switch action {
            case .startProbe: next = begin(.readiness).map(ReadinessMachine.Event.init)
            case .killProbe:
                _ = abandon(.readiness)
                next = .probeTimedOut
            case .arm(let delay): owner.arm(.readiness, delay)
            case .disarm: owner.disarm(.readiness)
            case .ready:
                owner.tell(.ready)
                tellChange()
            }
        }
        if let next { handle(readiness: next) }
    }

    private func tellChange() {
        let new = status
        // The end of a run is nothing that its health tells.
        guard new != told, isRunning else { return }
        told = new
        owner.tell(.changed(new))
    }

    private func begin(_ timer: Timer) -> ProbeOutcome? {
        remains.removeAll { $0.isGone() }
        guard let probe = probe(timer) else { return nil }
        let waiter = ProbeWaiter(room) { [weak self] source in self?.proceed(timer, source) }
        attempts[timer] = Attempt(probe: probe, waiter: waiter)
        guard let outcome = probe.begin(waiter) else { return nil }
        end(timer)
        return outcome
    }

    private func proceed(_ timer: Timer, _ source: UInt8) {
        guard let attempt = attempts[timer], let outcome = attempt.probe.proceed(source, attempt.waiter) else { return }
        end(timer)
        switch timer {
        case .health: handle(health: HealthMachine.Event(outcome))
        case .readiness: handle(readiness: ReadinessMachine.Event(outcome))
        }
    }

    private func abandon(_ timer: Timer) -> [UInt8] {
        guard let attempt = attempts[timer] else { return [] }
        let output = attempt.probe.abandon(attempt.waiter)
        end(timer)
        return output
    }

    private func end(_ timer: Timer) {
        guard let attempt = attempts.removeValue(forKey: timer) else { return }
        attempt.waiter.end()
        guard let rest = attempt.probe.remains else { return }
        rest.begin(room)
        remains.append(rest)
    }

    private func probe(_ timer: Timer) -> (any Probe)? {
        let asked = target.service.health
        switch timer {
        case .health:
            return asked.check.map { CommandProbe(ServiceCommand($0.command), target) }
        case .readiness:
            switch asked.readiness?.sign {
            case .tcp(let endpoint)?: return ConnectionProbe(.tcp(endpoint), target)
            case .unix(let path)?: return ConnectionProbe(.unix(path), target)
            case .http(let request)?: return HTTPProbe(request, target)
            case .file(let path)?: return FileProbe(path, target)
            case .log?, .notify?, nil: return nil
            }
        }
    }
}

extension HealthMachine.Event {
    fileprivate init(_ outcome: ProbeOutcome) {
        self = outcome.isSuccess ? .probeSucceeded(outcome) : .probeFailed(outcome)
    }
}

extension ReadinessMachine.Event {
    fileprivate init(_ outcome: ProbeOutcome) {
        self = outcome.isSuccess ? .probeSucceeded : .probeFailed(outcome.output)
    }
}

extension ReadinessMachine {
    fileprivate var isReady: Bool { state == .ready }
}
