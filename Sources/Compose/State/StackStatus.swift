internal import Linux

/// How the instances of a stack do, from what its supervisor has written down and from the kernel.
public struct StackStatus: Sendable {
    /// One instance, as `ps` shows it.
    public struct Row: Hashable, Sendable {
        public let name: String
        public let service: String
        /// `running`, `restarting`, `exited`, …
        public let state: String
        /// The last run's exit code, or the signal that ended it.
        public let exit: String?
        public let restarts: Int
        public let uptimeSeconds: Double?
        /// How many processes and threads it has.
        public let processes: Int?
        public let processID: Int32?
        public let outOfMemory: Bool
        /// Why it failed.
        public let reason: String?
    }

    public let rows: [Row]
    /// Whether a supervisor looks after the stack.
    public let isSupervised: Bool

    init(_ state: StackState, of directory: StackDirectory) {
        let isSupervised = StackLock.isHeld(directory)
        let now = MonotonicTime.now.sinceBoot / .seconds(1)
        self.isSupervised = isSupervised
        rows = state.instances.map { instance in
            let processes = Self.countProcesses(instance.cgroups)
            // Without a supervisor the state on disk is from before its death.
            let isGone = !isSupervised && instance.identity?.isRunning == false
            return Row(
                name: instance.name, service: instance.service, state: isGone ? "lost" : instance.stateShown,
                exit: instance.exitCode.map(String.init) ?? instance.signal, restarts: instance.restarts,
                uptimeSeconds: isGone ? nil : instance.startedAt.map { now - $0 }, processes: processes,
                processID: isGone ? nil : instance.processID, outOfMemory: instance.wasOutOfMemory,
                reason: instance.reason)
        }
    }

    private static func countProcesses(_ cgroups: [String]) -> Int? {
        for cgroup in cgroups {
            if let text = try? readText(cgroup + "/pids.current") { return Int(text.prefix { $0.isNumber }) }
        }
        return nil
    }
}
