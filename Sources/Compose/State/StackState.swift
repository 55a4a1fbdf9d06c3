internal import Linux

/// What is known of a stack beside its files: what its supervisor has written down, and a later one goes on from.
public struct StackState: Hashable, Sendable {
    /// Where the stack came from.
    public struct Origin: Hashable, Sendable {
        /// The project directory.
        public var directory: String
        public var files: [String]

        init(directory: String, files: [String]) {
            self.directory = directory
            self.files = files
        }

        /// What has been written down; nil where there is nothing.
        public init?(_ directory: StackDirectory) {
            guard let bytes = try? readFile(directory.journal), let origin = JournalReader.origin(bytes) else {
                return nil
            }
            self = origin
        }
    }

    public var origin: Origin
    /// The canonical texts that instances are made from, by number; the last one is the stack's own.
    var definitions: [Int: String] = [:]
    public var instances: [InstanceRecord] = []
    /// Which run of the machine all of this is about: after another start none of the processes is there.
    var bootID: String

    public var directory: String { origin.directory }
    public var files: [String] { origin.files }

    var definition: String? { definitions.keys.max().flatMap { definitions[$0] } }

    init(origin: Origin, bootID: String) {
        self.origin = origin
        self.bootID = bootID
    }

    /// What has been written down; nil where there is nothing.
    public init?(_ directory: StackDirectory) {
        guard let bytes = try? readFile(directory.journal), let state = JournalReader.read(bytes).state else {
            return nil
        }
        self = state
    }

    /// Whether there is no instance any more.
    public var isEmpty: Bool { instances.isEmpty }

    /// The first instance of a service that runs.
    func runningProcess(of service: ServiceName) -> ServicePreparation.RunningProcess? {
        for instance in instances where instance.service == service.text {
            // What has not begun to run is not the service yet.
            guard instance.startedAt != nil, let identity = instance.identity, identity.isRunning else { continue }
            return .init(instance: instance.name, number: identity.processID)
        }
        return nil
    }
}
