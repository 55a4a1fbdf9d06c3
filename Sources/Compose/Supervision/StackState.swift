internal import FoundationEssentials
internal import Linux

/// What a supervisor writes down about its stack at every change: what `ps` shows, and what is needed to clean up should
/// the supervisor die.
public struct StackState: Codable, Hashable, Sendable {
    /// One instance.
    public struct Instance: Codable, Hashable, Sendable {
        public enum Phase: String, Codable, Sendable {
            case waiting, starting, running, stopping, restarting, exited, failed, stopped

            /// Whether nothing of the instance runs or will run by itself.
            var isOver: Bool {
                switch self {
                case .exited, .failed, .stopped: true
                case .waiting, .starting, .running, .stopping, .restarting: false
                }
            }
        }

        /// The instance's name, e.g. `web-1`.
        public var name: String
        public var service: String
        public var phase: Phase
        /// The process as the supervisor numbers it; nil where none runs.
        public var processID: Int32?
        /// In seconds since the machine started, when the payload began to run.
        public var startedAt: Double?
        public var exitCode: Int32?
        /// The signal that ended the last run, e.g. `SIGKILL`.
        public var signal: String?
        public var restarts: Int
        /// Whether the kernel killed something of it because its memory limit was reached.
        public var wasOutOfMemory: Bool
        /// Why it failed.
        public var reason: String?
        /// `starting`, `healthy` or `unhealthy`; nil where nobody looks.
        public var health: String?
        /// The cgroup's directories, the one that counts processes first.
        public var cgroups: [String]
    }

    /// The project directory of the stack, and the files it came from.
    public var directory: String
    public var files: [String]
    public var instances: [Instance]

    var encoded: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { Array($0) } ?? []
    }

    /// Reads what was written; nil where it is missing or damaged.
    public init?(_ directory: StackDirectory) {
        guard let bytes = try? readFile(directory.state),
            let state = try? JSONDecoder().decode(StackState.self, from: Data(bytes))
        else { return nil }
        self = state
    }

    init(directory: String, files: [String], instances: [Instance]) {
        self.directory = directory
        self.files = files
        self.instances = instances
    }
}
