internal import CLinux

/// How the kernel shares processor time out to a process. See sched_setattr(2).
public struct Scheduling: Hashable, Sendable {
    /// The kernel's number of the policy.
    public var policy: UInt32
    /// The kernel's `SCHED_FLAG_…`.
    public var flags: UInt64
    /// From -20 to 19, for the policies that are not of real time.
    public var nice: Int32
    /// From 1 to 99, for `SCHED_FIFO` and `SCHED_RR`.
    public var priority: UInt32
    /// For `SCHED_DEADLINE`, in nanoseconds.
    public var runtime: UInt64
    public var deadline: UInt64
    public var period: UInt64

    public init(
        policy: UInt32, flags: UInt64 = 0, nice: Int32 = 0, priority: UInt32 = 0, runtime: UInt64 = 0,
        deadline: UInt64 = 0, period: UInt64 = 0
    ) {
        self.policy = policy
        self.flags = flags
        self.nice = nice
        self.priority = priority
        self.runtime = runtime
        self.deadline = deadline
        self.period = period
    }
}

/// How the kernel orders the reads and writes of a process. See ioprio_set(2).
public struct IOPriority: Hashable, Sendable {
    /// Class and level, as the kernel puts them together.
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// - Parameters:
    ///   - group: 1 for real time, 2 for best effort, 3 for idle.
    ///   - level: from 0, the highest, to 7.
    public init(group: Int32, level: Int32) {
        rawValue = group << 13 | level
    }
}

/// Sets the scheduling of the calling thread.
public func setScheduling(_ scheduling: Scheduling) throws(SystemError) {
    try system("sched_setattr") {
        clinux_set_scheduler(
            scheduling.policy, scheduling.flags, scheduling.nice, scheduling.priority, scheduling.runtime,
            scheduling.deadline, scheduling.period)
    }
}

/// Sets the input and output priority of the calling process.
public func setIOPriority(_ priority: IOPriority) throws(SystemError) {
    try system("ioprio_set") { clinux_set_io_priority(priority.rawValue) }
}

/// Sets the execution domain of the calling process. See personality(2).
public func setPersonality(_ domain: UInt) throws(SystemError) {
    try system("personality") { personality(domain) }
}

/// Gives the calling process a session keyring of its own: what its parent keeps in one is not its business. A kernel
/// without keyrings has nothing to keep apart. See keyctl(2), KEYCTL_JOIN_SESSION_KEYRING.
public func joinSessionKeyring(_ name: String) throws(SystemError) {
    do {
        try system("join session keyring", name) { clinux_join_session_keyring(name) }
    } catch  where error.errno == .notImplemented || error.errno == .operationNotPermitted {
        return
    }
}
