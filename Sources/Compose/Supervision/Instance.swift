internal import Linux
internal import Runtime

/// One instance of a service with its effects: its container, outputs, log, cgroup and writable layer.
final class Instance {
    let name: InstanceName
    private(set) var service: Service
    /// Which of the stack's definitions it is made from.
    private(set) var definition: Int
    private let directory: StackDirectory
    private let layout: CgroupLayout
    private let openFiles: ResourceLimit?
    private let filters: SeccompFilters
    let pumps: [OutputPump]
    /// What the poller knows its outputs and its present run by.
    var outputTokens: [UInt64] = []
    var runTokens: [UInt64] = []
    private let log: LogWriter

    private var terminalKeeper = StartedTerminalKeeper()
    private(set) var container: Container?
    private(set) var cgroup: Cgroup?
    private var identity: ProcessIdentity?
    /// Counts starts: every run has a cgroup of its own, because one that was killed may kill what is started in it.
    private var runs = 0
    /// When the payload began to run.
    private(set) var startedAt: MonotonicTime?
    /// Whether the init stage has said what became of the present run's set-up.
    private(set) var isSetUp = false
    /// What lets its volumes begin with what they are to, before it is started.
    var filler: VolumeFiller?
    /// Whether that has been seen to for the start that is under way.
    var areVolumesReady = false
    /// Which of the hooks before its start runs; nil where none does.
    private(set) var hook: Int?
    /// How many of these hooks have been dealt with for the start that is under way.
    var hooksDone = 0
    /// Whether they have all been run: they are not run again for as long as the instance is there.
    var isPrepared = false
    /// Whether its next run begins with new volumes of its own.
    var renewsVolumes = false
    private(set) var isPaused = false
    /// Why a start is given up whose payload runs already.
    var startFailure: String?
    private(set) var wasOutOfMemory = false
    /// Of the last run that has ended; nil where nobody counted.
    private(set) var peakMemory: ByteCount?
    /// How long the last run took that has ended.
    private var ranFor: Duration?

    init(
        _ name: InstanceName, _ service: Service, definition: Int, directory: StackDirectory, layout: CgroupLayout,
        openFiles: ResourceLimit?, filters: SeccompFilters, compressor: LogCompressor?
    ) throws(SystemError) {
        self.filters = filters
        self.openFiles = openFiles
        self.name = name
        self.service = service
        self.definition = definition
        self.directory = directory
        self.layout = layout
        let log = LogWriter(
            LogSource(name), of: directory.project, service.logging, directory: directory.logs, compressor: compressor)
        self.log = log
        let mode = service.logging.mode
        pumps = try LogStream.allCases.map { stream throws(SystemError) in
            try OutputPump(stream, path: directory.output(of: name, stream), log: log, mode: mode)
        }
    }

    /// Makes its volumes ready.
    ///
    /// - Returns: who copies what some of them are to begin with; nil where nothing is to be copied.
    func fillVolumes() throws(SystemError) -> VolumeFiller? {
        if renewsVolumes { try VolumeStore(directory).removeOwn(of: "\(name)", in: directory.project) }
        renewsVolumes = false
        let preparation = ServicePreparation(service, "\(name)", in: directory, files: files) { _ in nil }
        let missing = try preparation.missingContents()
        filler = missing.isEmpty ? nil : try VolumeFiller(missing, in: directory)
        return filler
    }

    /// Begins to start a container.
    ///
    /// - Parameters:
    ///   - hook: which of the hooks before its start is run in it; nil for the service itself.
    ///   - running: an instance of a service that runs.
    ///   - prepare: adds what the container needs for others.
    func start(
        hook: Int?, running: @escaping (ServiceName) -> ServicePreparation.RunningProcess?,
        prepare: (inout ContainerRequest) throws(SystemError) -> Void
    ) throws(RuntimeError) {
        runs += 1
        wasOutOfMemory = false
        // What a run left open whose end nobody saw.
        log.endRun()
        var request: ContainerRequest
        if let hook {
            request = try service.hooks.preStart[hook].request(of: service)
        } else {
            request = try ownRequest()
        }
        do {
            held = try ServicePreparation(
                service, "\(name)", in: directory, files: files, running: running
            ).prepare(&request)
            try prepare(&request)
        } catch {
            throw .setup(error)
        }
        var spec = try request.spec(layout: layout)
        // A limit that somebody asked for holds or is an error; the standard one gives way where nothing can enforce it.
        if service.pidsLimit == .standard, !layout.has(.pids) { spec.linux.resources.pids = nil }
        if let openFiles, !spec.process.limits.contains(where: { $0.kind == openFiles.kind }) {
            spec.process.limits.append(openFiles)
        }
        let filter = try filters.filter(for: spec.linux.seccomp)
        let cgroup: Cgroup
        do {
            let plan = try CgroupPlan(
                path: "gocker-\(directory.project)/\(RunName(name, supervisor: ownProcessID, run: runs, hook: hook))",
                resources: spec.linux.resources, layout: layout, tracked: true)
            cgroup = try Cgroup(creating: plan)
        } catch {
            throw .cgroup(error)
        }
        do {
            var context = InitProgram.Context()
            context.taskFiles = cgroup.taskFiles
            // Without a cgroup it could not be found again.
            context.diesWithParent = cgroup.places.isEmpty
            context.hasInit = service.usesInit
            let container = try launch(spec, filter, context, cgroup, reads: hook == nil)
            identity = try? ProcessIdentity(of: container.process.processID)
            self.container = container
            self.cgroup = cgroup
            self.hook = hook
        } catch {
            cgroup.remove()
            throw error
        }
    }

    /// The service's container.
    private func ownRequest() throws(RuntimeError) -> ContainerRequest {
        let layer: RootChanges
        do {
            layer =
                service.rootfs.overlay ? try WritableLayer(directory.layer(of: name)).prepare(for: service) : .inPlace
        } catch {
            throw .setup(error)
        }
        return try service.request(changes: layer)
    }

    /// - Parameter reads: whether it is what people type to.
    private func launch(
        _ spec: ContainerSpec, _ filter: SeccompFilter?, _ context: InitProgram.Context, _ cgroup: Cgroup, reads: Bool
    ) throws(RuntimeError) -> Container {
        let input = try open { () throws(SystemError) in
            let isTyped = reads && service.console.keepsInput && !service.console.hasTerminal
            if isTyped { return try ServiceInput.make(directory.input(of: "\(name)")) }
            return try FileDescriptor.open("/dev/null", .readWrite)
        }
        let output = try open { () throws(SystemError) in try pumps[0].openForService() }
        let error = try open { () throws(SystemError) in try pumps[1].openForService() }
        return try Launcher.start(
            spec, filter: filter, context: context, cgroup: cgroup, prepared: held?.prepared ?? [],
            streams: [input.number, output.number, error.number])
    }

    private func open(
        _ body: () throws(SystemError) -> FileDescriptor
    ) throws(RuntimeError) -> FileDescriptor {
        do {
            return try body()
        } catch {
            throw .setup(error)
        }
    }

    /// Takes over a run that an earlier supervisor has started.
    ///
    /// - Parameter identity: of its first process; nil where it has ended.
    /// - Returns: whether it runs.
    func adopt(_ identity: ProcessIdentity?, in cgroup: Cgroup, of record: InstanceRecord?) -> Bool {
        runs = record?.runs ?? 0
        wasOutOfMemory = record?.wasOutOfMemory ?? false
        peakMemory = record?.peakMemory.map { ByteCount(bytes: $0) }
        ranFor = record?.ranFor.map { .seconds($0) }
        isPrepared = record?.isPrepared == true
        renewsVolumes = record?.renewsVolumes == true
        guard let identity, let process = identity.open(),
            let container = try? Container(adopting: process, cgroup: cgroup)
        else { return false }
        self.container = container
        self.identity = identity
        self.cgroup = cgroup
        isPaused = cgroup.isFrozen
        isSetUp = true
        hook = RunName(of: cgroup)?.hook
        hooksDone = hook ?? 0
        guard hook == nil else { return true }
        isPrepared = true
        startedAt = record?.startedAt.map { MonotonicTime(sinceBoot: .seconds($0)) } ?? .now
        return true
    }

    /// Gives what runs the limits of `service`, which differs in nothing else.
    ///
    /// - Returns: whether they are in force. Where they are not, the old ones may be in part.
    func update(to service: Service, definition: Int) -> Bool {
        guard let cgroup else { return false }
        do {
            let resources = try service.request(changes: .inPlace).resources
            try cgroup.update(resources, layout: layout)
            if service.rootfs.overlay { try WritableLayer(directory.layer(of: name)).adopt(service) }
        } catch {
            return false
        }
        keep(service, definition: definition)
        return true
    }

    /// Takes note that it is as `service` says, which differs in nothing that a container notices.
    func keep(_ service: Service, definition: Int) {
        self.service = service
        self.definition = definition
    }

    /// Takes note of whether the payload, or the hook, runs by now.
    func finishStart() throws(RuntimeError) {
        isSetUp = true
        if hook == nil, service.console.hasTerminal, let container { try keepTerminal(of: container) }
        try container?.waitUntilRunning()
        held = nil
        if hook == nil { startedAt = MonotonicTime.now }
    }

    /// Whether the container's first process has ended, and how.
    func poll() -> ProcessEnding {
        let ending = container?.process.ending() ?? .running
        // What its terminal still has to show comes before what is read last.
        if case .ended = ending { terminalKeeper.finish() }
        return ending
    }

    private func keepTerminal(of container: Container) throws(RuntimeError) {
        let terminal = try container.receiveTerminal()
        do {
            try terminalKeeper.start(
                terminal, output: try pumps[0].openForService(), socket: directory.terminal(of: "\(name)"),
                takesInput: service.console.keepsInput, process: container.process)
        } catch {
            throw .setup(error)
        }
    }

    /// What is kept until the payload runs.
    private var held: HeldMounts?

    private var files: InstanceFiles { InstanceFiles(directory.files(of: "\(name)")) }

    func send(_ signal: Signal) { try? container?.process.send(signal) }

    func sendStopSignal() {
        filler?.kill()
        resume()
        send(service.stopSignal)
    }

    /// Ends everything in the container, at once.
    func kill() {
        filler?.kill()
        send(.kill)
        cgroup?.kill()
        resume()
    }

    /// Stops everything in the container where it is.
    func pause() throws(CgroupError) {
        try cgroup?.freeze()
        isPaused = cgroup != nil
    }

    func resume() {
        guard isPaused else { return }
        cgroup?.thaw()
        isPaused = false
    }

    /// Takes away what a run leaves behind.
    ///
    /// - Returns: its cgroup, which is still to be removed.
    func cleanUp() -> Cgroup? {
        let ended = cgroup
        if let cgroup {
            wasOutOfMemory = cgroup.outOfMemoryKills() > 0
            peakMemory = cgroup.peakMemory()
        }
        ranFor = startedAt.map { .now - $0 }
        files.remove()
        held = nil
        isPaused = false
        isSetUp = false
        hook = nil
        cgroup = nil
        container = nil
        identity = nil
        startedAt = nil
        return ended
    }

    /// Keeps what is left of the outputs of a run that has ended.
    ///
    /// - Parameter lookouts: who wants the lines of a stream, too.
    func drainOutputs(_ buffer: OutputBuffer, lookouts: (LogStream) -> ((UnsafeRawBufferPointer) -> Void)?) {
        for pump in pumps { try? pump.drain(buffer, lines: lookouts(pump.stream)) }
        log.endRun()
    }

    /// Everything about it that the state machine does not know.
    var record: InstanceRecord {
        var record = InstanceRecord(name, definition: definition)
        record.process = identity.map { InstanceRecord.Process(number: $0.processID, startTime: $0.startTime) }
        if let cgroup { record.cgroup = cgroup }
        record.startedAt = startedAt.map { $0.sinceBoot / .seconds(1) }
        record.runs = runs
        record.wasOutOfMemory = wasOutOfMemory
        record.peakMemory = peakMemory?.bytes
        record.ranFor = ranFor.map { $0 / .seconds(1) }
        record.isPaused = isPaused
        if isPrepared { record.isPrepared = true }
        return record
    }

    /// What one more process in it needs to know; nil where it does not run.
    var joinable: (container: Container, cgroup: Cgroup)? {
        guard let container, let cgroup else { return nil }
        return (container, cgroup)
    }
}
