internal import Linux
internal import Runtime

/// What a supervisor writes down about one instance at every change.
public struct InstanceRecord: Hashable, Sendable {
    public enum Phase: String, Sendable {
        case created, scheduled, waiting, starting, running, stopping, restarting, exited, failed, stopped

        /// Whether nothing of the instance runs or will run by itself.
        public var isOver: Bool {
            switch self {
            case .created, .exited, .failed, .stopped: true
            case .scheduled, .waiting, .starting, .running, .stopping, .restarting: false
            }
        }
    }

    /// A process, known again by when it began.
    struct Process: Hashable, Sendable {
        var number: Int32
        /// See `ProcessIdentity`.
        var startTime: UInt64
    }

    /// A cgroup's directory in one hierarchy.
    struct Place: Hashable, Sendable {
        var mount: String
        var path: String
        var isUnified: Bool
    }

    public var service: String
    public var number: Int
    public var phase: Phase
    /// Which of the stack's definitions it was made from.
    var definition: Int
    var isWantedUp: Bool
    /// Whether it is started once it has stopped and what it needs is far enough.
    var isToStart: Bool?
    /// Whether something it needs, and is to be restarted with, has ended since it was started.
    var isStale: Bool?
    /// Whether its `pre_stop` hooks run.
    var isPreparingStop: Bool?
    /// Whether it is gone once it has stopped.
    var isLeaving: Bool?
    /// Whether its `pre_start` hooks have all been run.
    var isPrepared: Bool?
    /// Whether its next run begins with new volumes of its own.
    var renewsVolumes: Bool?
    var process: Process?
    var places: [Place] = []
    /// In seconds since the machine started, when the payload began to run.
    public var startedAt: Double?
    public var exitCode: Int32?
    /// The number of the signal that ended the last run.
    var signalNumber: Int32?
    public var restarts: Int
    var attempts: Int
    /// In nanoseconds.
    var nextDelay: Int64
    /// When it is started again, in nanoseconds since the machine started.
    var backsOffUntil: Int64?
    /// When its last start began, likewise.
    var beganAt: Int64
    var hasRun: Bool
    /// The number of its last run.
    var runs: Int
    /// Whether the kernel killed something of the last run because its memory limit was reached.
    public var wasOutOfMemory: Bool
    public var isPaused = false
    public var health: HealthStatus?
    var checkStatus: HealthStatus?
    var failingStreak: Int?
    var isReady: Bool?
    /// What it says about itself.
    public var said: String?
    /// Whether it is run when its time comes.
    var isScheduled: Bool?
    /// Until when all its times have been dealt with, in nanoseconds since 1970.
    var scheduleSeen: Int64?
    var marks: StartMarks?
    /// Why it failed.
    public var reason: String?
    /// Of the last run that has ended, in bytes.
    public var peakMemory: Int64?
    /// Of the last run that has ended, in seconds.
    public var ranFor: Double?
}

extension InstanceRecord {
    /// The instance's name, e.g. `web-1`.
    public var name: String { "\(service)-\(number)" }

    /// Its phase as people see it: what is paused runs, and does not get on.
    var stateShown: String { phase == .running && isPaused ? "paused" : phase.rawValue }

    var instance: InstanceName? { ServiceName(service).map { InstanceName($0, number) } }

    /// The process as the supervisor numbers it; nil where none runs.
    public var processID: Int32? { process?.number }

    var identity: ProcessIdentity? {
        process.map { ProcessIdentity(processID: $0.number, startTime: $0.startTime) }
    }

    /// Whether its process is there.
    public var isAlive: Bool { identity?.isRunning == true }

    /// The cgroup's directories, the one that counts processes first.
    public var cgroups: [String] { cgroup.directories }

    var cgroup: Cgroup {
        get { Cgroup(existing: places.map { CgroupPlace(mount: $0.mount, path: $0.path, isUnified: $0.isUnified) }) }
        set { places = newValue.places.map { Place(mount: $0.mount, path: $0.path, isUnified: $0.isUnified) } }
    }

    var lastExit: ExitStatus? {
        get { exitCode.map { .exited($0) } ?? signalNumber.map { .signalled(Signal(rawValue: $0)) } }
        set {
            (exitCode, signalNumber) = (nil, nil)
            switch newValue {
            case .exited(let code): exitCode = code
            case .signalled(let signal): signalNumber = signal.rawValue
            case nil: break
            }
        }
    }

    /// The signal that ended the last run, e.g. `SIGKILL`.
    public var signal: String? { signalNumber.map { "\(Signal(rawValue: $0))" } }
}

extension InstanceRecord {
    init(_ name: InstanceName, definition: Int) {
        self.init(
            service: name.service.text, number: name.number, phase: .created, definition: definition,
            isWantedUp: false, restarts: 0, attempts: 0, nextDelay: 0, beganAt: 0, hasRun: false, runs: 0,
            wasOutOfMemory: false)
    }

    /// Takes over what the state machine knows.
    mutating func take(_ member: StackMachine.Member) {
        let (machine, isScheduled) = (member.machine, member.isScheduled)
        let isWaiting = member.intention == .start
        isWantedUp = machine.isWantedUp
        isToStart = isWaiting ? true : nil
        isStale = member.isStale ? true : nil
        self.isScheduled = isScheduled ? true : nil
        lastExit = machine.lastExit
        restarts = machine.restarts.memory.restarts
        attempts = machine.restarts.memory.attempts
        nextDelay = machine.restarts.memory.nextDelay.nanoseconds
        beganAt = machine.startedAt.nanoseconds
        hasRun = machine.hasRun
        reason = nil
        backsOffUntil = nil
        isPreparingStop = nil
        switch machine.state {
        case .down:
            phase = isWaiting ? .waiting : isScheduled ? .scheduled : hasRun ? .stopped : .created
        case .starting: phase = .starting
        case .up: phase = .running
        case .preparingStop:
            phase = .stopping
            isPreparingStop = true
        case .stopping: phase = .stopping
        case .backingOff(let time):
            phase = .restarting
            backsOffUntil = time.nanoseconds
        case .finished: phase = isWaiting ? .waiting : isScheduled ? .scheduled : .exited
        case .failed(let why):
            phase = isWaiting ? .waiting : .failed
            reason = why
        }
    }

    /// What the state machine of a later supervisor goes on from.
    var memory: InstanceMachine.Memory {
        var state: InstanceMachine.State
        switch phase {
        case .created, .stopped: state = .down
        case .scheduled, .waiting: state = hasRun ? .finished(lastExit) : .down
        case .starting: state = .starting
        case .running: state = .up(since: startTime)
        case .stopping: state = isPreparingStop == true ? .preparingStop : .stopping
        case .restarting: state = .backingOff(until: MonotonicTime(nanoseconds: backsOffUntil ?? 0))
        case .exited: state = .finished(lastExit)
        case .failed: state = .failed(reason ?? "")
        }
        return InstanceMachine.Memory(
            state: state, isWantedUp: isWantedUp,
            restarts: RestartTracker.Memory(
                restarts: restarts, attempts: attempts, nextDelay: .nanoseconds(max(nextDelay, 1))),
            lastExit: lastExit, hasRun: hasRun, startedAt: MonotonicTime(nanoseconds: beganAt))
    }

    private var startTime: MonotonicTime {
        startedAt.map { MonotonicTime(nanoseconds: Int64($0 * 1e9)) } ?? MonotonicTime(nanoseconds: beganAt)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
