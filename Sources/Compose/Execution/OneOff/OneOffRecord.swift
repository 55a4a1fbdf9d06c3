internal import JSON
public import Linux
internal import OrderedCollections
internal import Runtime

/// What is written down of a one-off container, from when it runs until it is taken away.
struct OneOffRecord: Hashable, Sendable {
    var name: String
    var service: String
    /// The canonical text that the service is from, and its project directory.
    var definition: String
    var directory: String
    var process: InstanceRecord.Process
    var places: [InstanceRecord.Place]
    /// In seconds since the machine started.
    var startedAt: Double
    /// How it ended; neither while it runs.
    var exitCode: Int32?
    var signalNumber: Int32?

    var identity: ProcessIdentity { ProcessIdentity(processID: process.number, startTime: process.startTime) }

    var cgroup: Cgroup {
        Cgroup(existing: places.map { CgroupPlace(mount: $0.mount, path: $0.path, isUnified: $0.isUnified) })
    }

    var isRunning: Bool { exitCode == nil && signalNumber == nil && identity.isRunning }

    mutating func end(_ status: ExitStatus) {
        switch status {
        case .exited(let code): exitCode = code
        case .signalled(let signal): signalNumber = signal.rawValue
        }
    }

    func definedService(of project: ProjectName) -> Service? {
        guard let name = ServiceName(service) else { return nil }
        return CanonicalStack.read(definition, project: project, directory: directory)?.services[name]
    }
}

extension OneOffRecord: RecordType {
    static var blank: Self {
        Self(
            name: "", service: "", definition: "", directory: "", process: .blank, places: [], startedAt: 0)
    }

    mutating func visit(_ fields: inout RecordFields) {
        fields.field("name", &name)
        fields.field("service", &service)
        fields.field("definition", &definition)
        fields.field("directory", &directory)
        fields.field("process", &process)
        fields.field("places", &places)
        fields.field("startedAt", &startedAt)
        fields.field("exitCode", &exitCode)
        fields.field("signalNumber", &signalNumber)
    }
}

/// The one-off containers of a stack.
public struct OneOffs {
    private let directory: StackDirectory

    public init(_ directory: StackDirectory) {
        self.directory = directory
    }

    var project: ProjectName { directory.project }

    /// Where they are written down, one file each.
    private var path: String { directory.run + "/oneoffs" }
    private func file(_ name: String) -> String { "\(path)/\(name).json" }

    /// What is made for one of them to see.
    func files(of name: String) -> String { "\(path)/\(name).files" }

    /// Their cgroups' names begin with this, as no instance's does.
    static let cgroupMark: Character = "+"

    func cgroupPath(_ name: String) -> String {
        "gocker-\(directory.project)/\(Self.cgroupMark)\(name).\(ownProcessID)-1"
    }

    /// Whether a cgroup of a stack is one's.
    static func owns(_ cgroup: Cgroup) -> Bool {
        cgroup.places.first?.path.split(separator: "/").last?.first == cgroupMark
    }

    /// In the order of their starts.
    var records: [OneOffRecord] {
        let names = ((try? directoryEntries(path)) ?? []).filter { $0.hasSuffix(".json") }
        let records = names.compactMap { name -> OneOffRecord? in
            guard let bytes = try? readFile("\(path)/\(name)") else { return nil }
            return (try? JSONReader.read(bytes)).flatMap { OneOffRecord($0) }
        }
        return records.sorted { ($0.startedAt, $0.name) < ($1.startedAt, $1.name) }
    }

    /// Those that have ended and are kept.
    public var ended: [String] { records.filter { !$0.isRunning }.map(\.name) }

    public func removeEnded() {
        for name in ended { remove(name) }
    }

    func record(_ name: String) -> OneOffRecord? { records.first { $0.name == name } }

    func write(_ record: OneOffRecord) throws(SystemError) {
        try makeDirectories(path, mode: 0o700)
        try replaceFile(file(record.name), with: JSONWriter.compactBytes(record.json))
    }

    /// Takes away what there is of one on disk, and the stack's directories where nothing else is in them.
    func remove(_ name: String) {
        // Nobody else could find them any more.
        _ = try? VolumeStore(directory).removeAll(of: [name], in: directory.project)
        try? removeFile(file(name))
        for stream in [LogStream.standardOutput, .standardError] { try? removeFile(output(of: name, stream)) }
        LogFileName.removeAll(in: directory.logs, of: name)
        try? ContainerFiles.removeTree(layer(of: name))
        try? removeDirectory(path)
        // A supervisor that starts makes them again before it has the lock, and must not lose them after that.
        guard let lock = try? StackLock.take(directory) else { return }
        if StackState(directory) == nil, records.isEmpty {
            ContentStore(directory).forgetAll(but: [])
            MemoryVolumes(directory).removeUnused()
        }
        let directories = [directory.run, directory.data + "/layers", directory.logs, directory.data]
        for directory in directories { try? removeDirectory(directory) }
        if (try? FileStatus.of(directory.run)) == nil { try? removeFile(directory.lock) }
        withExtendedLifetime(lock) {}
    }

    func output(of name: String, _ stream: LogStream) -> String { "\(path)/\(name).\(stream.rawValue)" }
    func layer(of name: String) -> String { "\(directory.data)/layers/\(name)" }
}

extension OneOffs {
    /// Stops all that run: each gets its service's stop signal, then its grace period, then it is killed.
    ///
    /// - Parameter timeout: in seconds, in place of the grace periods.
    /// - Returns: the names of those that ran.
    public func stop(within timeout: Double? = nil) throws(SystemError) -> [String] {
        let running = records.filter(\.isRunning)
        let poller = try Poller()
        var deadlines: [(record: OneOffRecord, end: MonotonicTime)] = []
        for record in running {
            guard let process = record.identity.open() else { continue }
            let service = record.definedService(of: directory.project)
            try? process.send(service?.stopSignal ?? .terminate)
            let grace = timeout.map { Duration.seconds($0) } ?? service?.stopGracePeriod ?? .seconds(10)
            deadlines.append((record, .now + grace))
        }
        while !deadlines.isEmpty {
            for (record, end) in deadlines where end <= .now {
                record.cgroup.kill()
                record.cgroup.thaw()
            }
            deadlines.removeAll { !$0.record.identity.isRunning }
            // Whoever looks after one takes it away; there are few, and a stop is rare.
            if !deadlines.isEmpty { _ = try poller.wait(timeout: .milliseconds(20)) }
        }
        return running.map(\.name)
    }
}
