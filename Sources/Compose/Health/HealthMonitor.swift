internal import Linux
internal import Runtime

/// Finds out how the instances of a stack are, by their health checks and by their signs of readiness. It never waits: it
/// has one descriptor that becomes readable when there is something to do, and one time at which there is.
///
/// What it finds out is kept until `takeEvents` is called, so that nothing is told in the middle of something else.
final class HealthMonitor {
    private struct Timer: Hashable, Sendable {
        let instance: InstanceName
        let kind: InstanceWatch.Timer
    }

    private let directory: StackDirectory
    private let room: WaitingRoom
    private let surroundings: ProbeSurroundings
    private var runs: [InstanceName: Run] = [:]
    private var timers = TimerQueue<Timer>()
    private var events: [HealthEvent] = []
    /// Those of instances that are about to be started.
    private var sockets: [InstanceName: NotifySocket] = [:]

    /// One run of an instance.
    private struct Run {
        let target: ProbeTarget
        let watch: InstanceWatch
        var hooks: HookRun?
    }

    init(_ directory: StackDirectory, layout: CgroupLayout) throws(SystemError) {
        self.directory = directory
        room = try WaitingRoom()
        surroundings = try ProbeSurroundings(layout: layout, runBase: directory.runBase)
    }

    /// Has `poller` report `token` when there is something for `handleReady`.
    func join(_ poller: borrowing Poller, token: UInt64) throws(SystemError) {
        try poller.add(room.poller.descriptor, token: token)
    }

    /// When there is something for `handleDeadlines`; nil for never.
    var nextDeadline: MonotonicTime? { timers.next }

    func handleReady() throws(SystemError) { try room.serve() }

    func handleDeadlines(at now: MonotonicTime) {
        for timer in timers.popDue(at: now) { runs[timer.instance]?.watch.deadline(timer.kind) }
    }

    /// What has become known since the last time, in order.
    func takeEvents() -> [HealthEvent] {
        defer { events = [] }
        return events
    }

    /// What is known about an instance that runs.
    func report(of instance: InstanceName) -> HealthReport? { runs[instance]?.watch.report }
}

// MARK: What happens to instances

extension HealthMonitor {
    /// An instance is about to be started: adds to its container what it needs for its health to be found out.
    func prepare(_ instance: InstanceName, _ service: Service, _ request: inout ContainerRequest) throws(SystemError) {
        guard service.health.readiness?.sign == .notify else { return }
        let directory = directory.notify(of: instance)
        sockets[instance] = try NotifySocket(in: directory)
        request.mounts.append(
            MountSpec(.bind(directory), at: NotifySocket.directoryInService, flags: [.readOnly, .noDevices]))
        request.environment.append(
            ContainerRequest.Variable(NotifySocket.variable.name, NotifySocket.variable.value))
    }

    /// The first process of an instance is there. To be called before a line of its log is passed to `look`.
    ///
    /// - Parameter cgroup: the run's.
    func spawned(
        _ instance: InstanceName, _ service: Service, process: borrowing ProcessHandle, cgroup: Cgroup
    ) throws(SystemError) {
        stopped(instance)
        guard service.health.isWatched || service.hooks.hasInner else { return }
        let target = try ProbeTarget(service, process: process, cgroup: cgroup, surroundings: surroundings)
        let owner = InstanceWatch.Owner(
            arm: { [unowned self] in timers.arm(Timer(instance: instance, kind: $0), at: .now + $1) },
            disarm: { [unowned self] in timers.disarm(Timer(instance: instance, kind: $0)) },
            tell: { [unowned self] in events.append(HealthEvent(instance: instance, kind: $0)) })
        let socket = sockets.removeValue(forKey: instance)
        socket?.cgroup = cgroup
        let watch = try InstanceWatch(target, room: room, owner: owner, notify: socket)
        runs[instance] = Run(target: target, watch: watch)
    }

    /// The payload of an instance runs.
    func started(_ instance: InstanceName) { runs[instance]?.watch.started() }

    /// An instance runs that another supervisor has started, and knew this much about; nothing where it is only being
    /// started: then `started` comes later.
    func resumed(
        _ instance: InstanceName, _ service: Service, process: borrowing ProcessHandle, cgroup: Cgroup,
        startedAt: MonotonicTime, report: HealthReport?
    ) throws(SystemError) {
        if service.health.readiness?.sign == .notify {
            sockets[instance] = try NotifySocket(in: directory.notify(of: instance))
        }
        try spawned(instance, service, process: process, cgroup: cgroup)
        if let report { runs[instance]?.watch.resumed(report, since: startedAt) }
    }

    /// An instance is about to be asked to stop: its health is nobody's business any more. Its hooks can still be run.
    func stopping(_ instance: InstanceName) {
        runs[instance]?.hooks?.abandon()
        runs[instance]?.hooks = nil
        runs[instance]?.watch.stopped()
        forget(instance)
    }

    /// An instance has ended.
    func stopped(_ instance: InstanceName) {
        guard let run = runs.removeValue(forKey: instance) else { return }
        run.hooks?.abandon()
        run.watch.stopped()
        forget(instance)
    }

    /// What was found out before is not to be taken for what comes after.
    private func forget(_ instance: InstanceName) {
        events.removeAll { $0.instance == instance }
        for kind in [InstanceWatch.Timer.health, .readiness] { timers.disarm(Timer(instance: instance, kind: kind)) }
    }

    func paused(_ instance: InstanceName) { runs[instance]?.watch.paused() }

    func unpaused(_ instance: InstanceName) { runs[instance]?.watch.unpaused() }

    /// Whether the lines of an instance's log are to be passed to `look`.
    func wantsLines(of instance: InstanceName) -> Bool { runs[instance]?.watch.wantsLines == true }

    func look(at line: UnsafeRawBufferPointer, of instance: InstanceName) { runs[instance]?.watch.look(at: line) }
}

// MARK: Hooks

extension HealthMonitor {
    /// Runs the hooks of an instance that runs. Their end is told by an event.
    ///
    /// - Returns: whether it has any.
    func runHooks(_ turn: HookTurn, of instance: InstanceName) -> Bool {
        guard let run = runs[instance] else { return false }
        let hooks = turn == .postStart ? run.target.service.hooks.postStart : run.target.service.hooks.preStop
        guard !hooks.isEmpty else { return false }
        run.hooks?.abandon()
        let printed = { [unowned self] text in
            events.append(HealthEvent(instance: instance, kind: .hookPrinted(text)))
        }
        let hookRun = HookRun(hooks, run.target, room: room, printed: printed) { [unowned self] failure in
            events.append(HealthEvent(instance: instance, kind: .hooksEnded(turn, failure: failure)))
            runs[instance]?.hooks = nil
        }
        runs[instance]?.hooks = hookRun
        hookRun.next()
        return true
    }
}

extension StackDirectory {
    /// Where an instance that says itself when it is ready says it.
    func notify(of instance: InstanceName) -> String { "\(run)/\(instance).notify" }
}
