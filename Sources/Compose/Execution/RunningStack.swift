internal import Linux
internal import OrderedCollections
internal import Runtime

/// A stack that is there, for commands that reach into its services without its supervisor.
public struct RunningStack {
    let directory: StackDirectory
    private let state: StackState
    /// By the numbers of their definitions: an instance may be from an earlier one than the stack's own.
    let stacks: [Int: Stack]
    private let oneOffs: [OneOffRecord]

    /// - Throws: `ExecutionFailure.noStack` where nothing of it is there.
    public init(_ directory: StackDirectory) throws(ExecutionFailure) {
        oneOffs = OneOffs(directory).records
        guard let state = StackState(directory) ?? (oneOffs.isEmpty ? nil : .empty) else {
            throw .noStack(directory.project)
        }
        self.directory = directory
        self.state = state
        stacks = state.definitions.compactMapValues {
            CanonicalStack.read($0, project: directory.project, directory: state.directory)
        }
    }

    /// The services of the stack's own definition, and those that are still there of earlier ones.
    private var services: Set<String> {
        let own = stacks.max { $0.key < $1.key }?.value.services.keys.map(\.text) ?? []
        return Set(own + state.instances.map(\.service) + oneOffs.map(\.service))
    }

    /// An instance that runs.
    ///
    /// - Parameters:
    ///   - name: of a service, or of a one-off container.
    ///   - index: the instance's number; nil for the first that runs, or a one-off container where none does.
    /// - Throws: `ExecutionFailure`.
    public func runningInstance(of name: String, index: Int? = nil) throws(ExecutionFailure) -> RunningInstance {
        if let oneOff = oneOffs.first(where: { $0.name == name }) { return try running(oneOff) }
        let candidates = try instances(of: name, index: index)
        for candidate in candidates {
            if let running = try running(candidate) { return running }
        }
        if index == nil, let oneOff = oneOffs.first(where: { $0.service == name && $0.isRunning }) {
            return try running(oneOff)
        }
        guard let first = candidates.first else {
            throw .notRunning(name, state: Self.neverStarted)
        }
        throw .notRunning(first.name, state: Self.describe(first))
    }

    /// All instances that run of some services, or of all where none is named.
    public func runningInstances(of names: [String] = []) throws(ExecutionFailure) -> [RunningInstance] {
        var found: [InstanceRecord] = []
        for name in names { found += try instances(of: name, index: nil) }
        if names.isEmpty { found = state.instances }
        var running: [RunningInstance] = []
        for oneOff in oneOffs where names.isEmpty && oneOff.isRunning {
            if let instance = try? self.running(oneOff) { running.append(instance) }
        }
        for instance in found {
            if let instance = try self.running(instance) { running.append(instance) }
        }
        return running
    }

    func runningOneOffs(of service: String) -> [RunningInstance] {
        oneOffs.filter { $0.service == service && $0.isRunning }.compactMap { try? running($0) }
    }

    func instances(of name: String, index: Int?) throws(ExecutionFailure) -> [InstanceRecord] {
        guard let service = ServiceName(name), services.contains(name) else {
            let nearest = NearestName.find(name, among: services)
            throw .unknownService(name, project: directory.project, nearest: nearest)
        }
        let instances = state.instances.filter { $0.service == name }
        guard let index else { return instances }
        let chosen = instances.filter { $0.number == index }
        guard !chosen.isEmpty else {
            throw .noSuchIndex(index, of: service, indices: instances.map(\.number).sorted())
        }
        return chosen
    }

    static let neverStarted = "not there yet; start it with: gocker-compose up -d"

    static func describe(_ instance: InstanceRecord) -> String {
        switch instance.phase {
        case .created: "not started yet"
        case .scheduled: "waiting for its time"
        case .waiting: "waiting for what it depends on"
        case .starting: "starting"
        case .running: "gone since"
        case .stopping: "stopping"
        case .restarting: "waiting to be restarted"
        case .exited: "done, with \(instance.exitCode.map { "exit code \($0)" } ?? instance.signal ?? "an unknown end")"
        case .failed: "failed" + (instance.reason.map { " (\($0))" } ?? "")
        case .stopped: "stopped"
        }
    }

    private func running(_ oneOff: OneOffRecord) throws(ExecutionFailure) -> RunningInstance {
        guard oneOff.isRunning, let service = oneOff.definedService(of: directory.project) else {
            throw .notRunning(oneOff.name, state: "done")
        }
        let running = RunningInstance(
            name: oneOff.name, service: service, process: oneOff.identity, cgroup: oneOff.cgroup,
            directory: directory)
        guard running.isIntact else { throw .notRunning(oneOff.name, state: "gone since") }
        return running
    }

    /// - Returns: nil where it does not run.
    func running(_ instance: InstanceRecord) throws(ExecutionFailure) -> RunningInstance? {
        // What is starting still is not the service yet: it has neither its rights nor its root, or is a hook before it.
        guard instance.phase != .starting, instance.startedAt != nil, let name = ServiceName(instance.service),
            let identity = instance.identity, let service = stacks[instance.definition]?.services[name]
        else { return nil }
        let running = RunningInstance(
            name: instance.name, service: service, process: identity, cgroup: instance.cgroup,
            directory: directory)
        return running.isIntact ? running : nil
    }
}

extension StackState {
    /// Where there are one-off containers only.
    fileprivate static let empty = StackState(origin: Origin(directory: "/", files: []), bootID: BootID.current)
}
