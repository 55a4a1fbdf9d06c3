internal import Linux
internal import OrderedCollections
internal import Runtime

/// A stack that is there, for commands that reach into its services without its supervisor.
public struct RunningStack {
    let directory: StackDirectory
    private let state: StackState
    let services: OrderedDictionary<ServiceName, Service>

    /// - Throws: `ExecutionFailure.noStack` where nothing of it is there.
    public init(_ directory: StackDirectory) throws(ExecutionFailure) {
        guard let state = StackState(directory), let text = try? readText(directory.definition),
            let stack = CanonicalStack.read(text, project: directory.project, directory: state.directory)
        else { throw .noStack(directory.project) }
        self.directory = directory
        self.state = state
        services = stack.services
    }

    /// An instance that runs.
    ///
    /// - Parameters:
    ///   - name: of a service.
    ///   - index: the instance's number; nil for the first that runs.
    /// - Throws: `ExecutionFailure`.
    public func runningInstance(of name: String, index: Int? = nil) throws(ExecutionFailure) -> RunningInstance {
        let candidates = try instances(of: name, index: index)
        for candidate in candidates {
            if let running = try running(candidate) { return running }
        }
        guard let first = candidates.first else {
            throw .notRunning(name, state: Self.neverStarted)
        }
        throw .notRunning(first.name, state: Self.describe(first))
    }

    /// All instances that run of some services, or of all where none is named.
    public func runningInstances(of names: [String] = []) throws(ExecutionFailure) -> [RunningInstance] {
        var found: [StackState.Instance] = []
        for name in names { found += try instances(of: name, index: nil) }
        if names.isEmpty { found = state.instances }
        var running: [RunningInstance] = []
        for instance in found {
            if let instance = try self.running(instance) { running.append(instance) }
        }
        return running
    }

    func instances(of name: String, index: Int?) throws(ExecutionFailure) -> [StackState.Instance] {
        guard let service = ServiceName(name), services[service] != nil else {
            let nearest = NearestName.find(name, among: services.keys.map(\.text))
            throw .unknownService(name, project: directory.project, nearest: nearest)
        }
        let instances = state.instances.filter { $0.service == name }
        guard let index else { return instances }
        let chosen = instances.filter { $0.name == "\(InstanceName(service, index))" }
        guard !chosen.isEmpty else {
            throw .noSuchIndex(index, of: service, indices: instances.compactMap(Self.number).sorted())
        }
        return chosen
    }

    static let neverStarted = "not there yet; start it with: gocker-compose up -d"

    private static func number(of instance: StackState.Instance) -> Int? {
        instance.name.split(separator: "-").last.flatMap { Int($0) }
    }

    static func describe(_ instance: StackState.Instance) -> String {
        switch instance.phase {
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

    /// - Returns: nil where it does not run.
    func running(_ instance: StackState.Instance) throws(ExecutionFailure) -> RunningInstance? {
        guard let name = ServiceName(instance.service), let service = services[name],
            let processID = instance.processID, let identity = try? ProcessIdentity(of: processID)
        else { return nil }
        let running = RunningInstance(
            name: instance.name, service: service, process: identity, cgroup: Cgroup(at: instance.cgroups),
            runBase: directory.runBase)
        return running.isIntact ? running : nil
    }
}

extension Cgroup {
    /// One of a stack, by its directories. Those of no hierarchy are left out.
    init(at directories: [String]) {
        self.init(
            existing: directories.compactMap { directory in
                guard let begin = directory.firstRange(of: "/gocker-") else { return nil }
                let path = directory[begin.lowerBound...].dropFirst()
                return try? CgroupPlace(mount: String(directory[..<begin.lowerBound]), path: String(path))
            })
    }
}
