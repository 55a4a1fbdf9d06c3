internal import FoundationEssentials
public import Linux
internal import OrderedCollections
internal import Runtime

/// Keeps one stack as its definition says: one process, one thread, one loop over descriptors. It sleeps until something
/// happens.
public final class Supervisor {
    /// What a descriptor in the poller belongs to.
    enum Watch {
        case signals
        case listener
        case connection(ControlConnection)
        /// The init stage's report.
        case control(InstanceName)
        case process(InstanceName)
        /// What fills an instance's volumes.
        case filler(InstanceName)
        case output(Instance, OutputPump)
        /// Something has become known about somebody's health.
        case health
        /// The time of a scheduled service has come, or somebody has set the clock.
        case clock
    }

    /// What a timer belongs to.
    enum Timer: Hashable, Sendable {
        case instance(InstanceName)
        /// What could not be written down is tried again.
        case journal
        /// Somebody wants to hear that we are alive.
        case watchdog
        /// The client of a connection does not want to wait any longer.
        case patience(UInt64)
        /// A lot of instances has been replaced for long enough.
        case rollout(ServiceName)
        /// Cgroups that could not be removed may be empty by now.
        case leavings
        /// An output, by its token, has rested.
        case output(UInt64)
    }

    let directory: StackDirectory
    let layout: CgroupLayout
    let lock: StackLock
    let poller: Poller
    let outputBuffer = OutputBuffer()
    let compressor: LogCompressor
    let filters: SeccompFilters
    let health: HealthMonitor
    /// Who wants to hear how we do; nil for nobody.
    let manager: ServiceManager?
    let clock: WallClockTimer
    var timetables: [InstanceName: ScheduleTimetable] = [:]
    private let signals: SignalQueue
    private var strays = StrayChildren()
    let listener: FileDescriptor
    /// The limit on open files that we had, which is what services get: a stack of a thousand needs more itself.
    let openFiles: ResourceLimit?

    var watches: [UInt64: Watch] = [:]
    private var nextToken: UInt64 = 0
    var timers = TimerQueue<Timer>()
    var machine = StackMachine()
    var starts = StartQueue()
    var preparations = PreparationQueue()
    var leavings = CgroupLeavings()
    /// Counts the starts of all instances: every run has a cgroup of its own, because one that was killed may kill what is
    /// started in it, and may be there for a while.
    var runs = 0
    var instances: OrderedDictionary<InstanceName, Instance> = [:]
    /// Definitions that take over once the instance of the old one has stopped.
    var replacements: [InstanceName: (service: Service, definition: Int)] = [:]
    /// The services whose instances are being replaced a few at a time.
    var rollouts: [ServiceName: RolloutInProgress] = [:]
    /// Those of which that did not succeed the last time.
    var failedRollouts: Set<ServiceName> = []
    /// Instances that are made anew, and begin with new volumes of their own then.
    var renewals: Set<InstanceName> = []
    /// Instances that are to be gone once they have stopped.
    var removals: Set<InstanceName> = []
    var connections: [UInt64: ControlConnection] = [:]
    /// Where the stack came from.
    var origin = StackState.Origin(directory: "/", files: [])
    /// The canonical texts that instances are made from; the last one is the stack's own.
    var definitions: [Int: String] = [:]
    var hasStack = false
    var isStopping = false
    /// Whether something of an earlier supervisor is gone on with.
    var hasAdopted = false
    /// How far the starts got that somebody asked for.
    var marks: [InstanceName: StartMarks] = [:]
    /// Whether the stack has been as it was asked for.
    var isReady = false
    /// What instances were last said to wait for.
    var awaited: [InstanceName: String] = [:]
    /// How many times we were asked to end by a signal.
    private var interruptions = 0
    var journal: JournalWriter
    /// When writing it is tried again, where that failed.
    var journalRests: MonotonicTime?
    /// What has changed and is not written down yet.
    var changes = JournalChanges()
    /// What nobody has been told yet.
    private var events: [StackEvent] = []
    /// What they have been told, for those who ask later.
    private(set) var history: [StackEvent] = []
    private static let historyLength = 1024

    /// Becomes the supervisor of a stack, and goes on with what an earlier one has left.
    ///
    /// - Returns: nil where there is one already.
    public convenience init?(_ directory: StackDirectory) throws(SystemError) {
        try directory.create()
        guard let lock = try StackLock.take(directory) else { return nil }
        try self.init(directory, holding: lock, manager: ServiceManager { environmentVariable($0) })
    }

    /// Becomes the supervisor of a stack with a lock that the process has already.
    init(
        _ directory: StackDirectory, holding lock: consuming StackLock, manager: ServiceManager? = nil
    ) throws(SystemError) {
        self.manager = manager
        // Without them starting takes longer, and longer the more services there are.
        try? reserveDescriptorsForChildren()
        self.directory = directory
        self.lock = lock
        layout = CgroupLayout.usable()
        journal = JournalWriter(directory.journal)
        compressor = LogCompressor(directory.logs)
        filters = SeccompFilters(SeccompCache(runBase: directory.runBase))
        health = try HealthMonitor(directory, layout: layout)
        clock = try WallClockTimer()
        try? removeFile(directory.socket)
        listener = try FileDescriptor.listen(at: directory.socket)
        signals = try SignalQueue([.interrupt, .terminate, .hangUp, .pipe, .child])
        poller = try Poller()
        openFiles = try? ResourceLimit(current: .openFiles)
        if let limit = openFiles {
            try? setResourceLimit(ResourceLimit(limit.kind, soft: limit.hard, hard: limit.hard))
        }
        try poller.add(signals.descriptor, token: register(.signals))
        try poller.add(listener, token: register(.listener))
        try health.join(poller, token: register(.health))
        try poller.add(clock.descriptor, token: register(.clock))
        let present = ownChildren
        try adopt()
        let known = instances.values.compactMap { $0.run?.container.process.processID }
        strays = StrayChildren(present, except: Set(known))
    }

    func register(_ watch: Watch) -> UInt64 {
        nextToken += 1
        watches[nextToken] = watch
        return nextToken
    }

    /// Tells whoever watches or waits, once it has been written down.
    func emit(_ event: StackEvent) { events.append(event) }

    /// Writes down what has changed and tells what has happened: whoever hears of something can look it up.
    func tellEvents() {
        writeChanges()
        guard !events.isEmpty else { return }
        let told = events
        events = []
        history += told
        if history.count > 2 * Self.historyLength { history.removeFirst(history.count - Self.historyLength) }
        for (token, connection) in connections where connection.isWaiting || connection.isWatching {
            if !told.allSatisfy({ connection.send(.event($0)) }) { close(token) }
        }
    }

    // MARK: The loop

    /// Runs until nothing of the stack runs or will run by itself.
    ///
    /// - Returns: whether a signal ended it.
    public func run() throws(SystemError) -> Bool {
        pingManager()
        // Where everything has been taken over, nothing happens that would bring it up.
        tellManager()
        while !isFinished {
            tellEvents()
            let due = [timers.next, health.nextDeadline].compactMap { $0 }.min()
            let timeout = starts.isEmpty ? due.map { max(.zero, $0 - .now) } : .zero
            for event in try poller.wait(timeout: timeout) {
                if let watch = watches[event.token] { try handle(watch, event) }
            }
            for timer in timers.popDue(at: .now) {
                switch timer {
                case .instance(let name): perform(handle(.deadline, of: name))
                case .journal: break
                case .watchdog: pingManager()
                case .patience(let token): loseEnd(of: token)
                case .rollout(let service): advanceRollout(of: service, .deadline)
                case .leavings:
                    if let delay = leavings.tryAgain() { timers.arm(.leavings, at: .now + delay) }
                case .output(let token): try readOutput(token)
                }
            }
            health.handleDeadlines(at: .now)
            takeHealthEvents()
            startSome()
            if let delay = leavings.removeFresh() { timers.arm(.leavings, at: .now + delay) }
            answerConnections()
        }
        end()
        return interruptions > 0
    }

    private var isFinished: Bool {
        hasStack && machine.isOver && replacements.isEmpty && removals.isEmpty && rollouts.isEmpty
            && connections.values.allSatisfy { !$0.isWaiting && !$0.hasUnsent }
    }

    private func handle(_ watch: Watch, _ event: Poller.Event) throws(SystemError) {
        switch watch {
        case .signals:
            while let signal = try signals.next() { handle(signal) }
        case .listener:
            // A client that is gone again, or one too many: neither is a reason to end.
            while let client = try? listener.accept() { accept(client) }
        case .connection(let connection):
            if event.readiness.contains(.writable) {
                guard connection.flush() else { return close(event.token) }
                if !connection.hasUnsent {
                    try poller.modify(connection.socket, token: event.token, interests: .readable)
                }
            }
            guard let requests = connection.receive() else { return close(event.token) }
            for request in requests { handle(request, from: connection) }
        case .control(let name):
            watches[event.token] = nil
            finishStart(of: name)
        case .process(let name):
            handleExit(of: name)
        case .filler(let name):
            fillerEnded(name)
        case .health:
            try health.handleReady()
        case .clock:
            runWhatIsDue()
        case .output: try readOutput(event.token)
        }
    }

    private func handle(_ signal: Signal) {
        if signal == .child {
            compressor.reap()
            journal.childHasEnded()
            strays.reap()
        }
        guard signal != .child, signal != .pipe else { return }
        interruptions += 1
        if interruptions == 1 {
            stopAll(within: nil)
        } else {
            perform(machine.killAll())
        }
    }

    func stopAll(within time: Duration?) {
        tellManagerOfEnd(within: time)
        isStopping = true
        hasStack = true
        replacements = [:]
        rollouts = [:]
        for name in removals { settle(name) }
        perform(machine.stop(machine.instances, within: time, at: .now))
    }

    private func end() {
        journalRests = nil
        leavings.finish()
        tellEvents()
        journal.abandonRewriting()
        for (token, _) in connections { close(token) }
        for mount in Set(layout.hierarchies.map(\.path) + [layout.unified?.path].compactMap({ $0 })) {
            try? removeDirectory("\(mount)/gocker-\(directory.project)")
        }
        try? removeFile(directory.socket)
    }
}
