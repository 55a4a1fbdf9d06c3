internal import Linux
internal import Runtime

/// One instance of a service with its effects: its container, outputs, log, cgroup and writable layer.
final class Instance {
    let name: InstanceName
    private(set) var service: Service
    /// Which of the stack's definitions it is made from.
    private(set) var definition: Int
    let directory: StackDirectory
    let layout: CgroupLayout
    let openFiles: ResourceLimit?
    let filters: SeccompFilters
    let pumps: [OutputPump]
    /// What the poller knows its outputs and its present run by.
    var outputTokens: [UInt64] = []
    var runTokens: [UInt64] = []
    private let log: LogWriter

    private var terminalKeeper = StartedTerminalKeeper()
    private(set) var run: InstanceRun?
    /// The number of its last run.
    private(set) var runNumber = 0
    var preparation = StartPreparation()
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
        if preparation.renewsVolumes { try VolumeStore(directory).removeOwn(of: "\(name)", in: directory.project) }
        preparation.renewsVolumes = false
        let missing = try ServicePreparation(service, "\(name)", in: directory, files: files) { _ in nil }
            .missingContents()
        preparation.filler = missing.isEmpty ? nil : try VolumeFiller(missing, in: directory)
        return preparation.filler
    }

    /// Begins to start a container.
    ///
    /// - Parameters:
    ///   - number: one that no other run of the stack has had: its cgroup is called after it.
    ///   - hook: which of the hooks before its start is run in it; nil for the service itself.
    ///   - running: an instance of a service that runs.
    ///   - prepare: adds what the container needs for others.
    func start(
        _ number: Int, hook: Int?, running: @escaping (ServiceName) -> ServicePreparation.RunningProcess?,
        prepare: (inout ContainerRequest) throws(SystemError) -> Void
    ) throws(RuntimeError) {
        runNumber = number
        wasOutOfMemory = false
        // What a run left open whose end nobody saw.
        log.endRun()
        run = try launch(hook: hook, running: running, prepare: prepare)
    }

    /// Keeps what one of its hooks has printed, in lines of its own.
    func keep(_ text: String) {
        log.endRun()
        Array((text.hasSuffix("\n") ? text : text + "\n").utf8).withUnsafeBytes {
            log.append($0, from: .standardOutput)
        }
    }

    /// Takes over a run that an earlier supervisor has started.
    ///
    /// - Parameter identity: of its first process; nil where it has ended.
    /// - Returns: whether it runs.
    func adopt(_ identity: ProcessIdentity?, in cgroup: Cgroup, of record: InstanceRecord?) -> Bool {
        runNumber = record?.runs ?? 0
        wasOutOfMemory = record?.wasOutOfMemory ?? false
        peakMemory = record?.peakMemory.map { ByteCount(bytes: $0) }
        ranFor = record?.ranFor.map { .seconds($0) }
        preparation.isDone = record?.isPrepared == true
        preparation.renewsVolumes = record?.renewsVolumes == true
        guard let identity, let process = identity.open(),
            let container = try? Container(adopting: process, cgroup: cgroup)
        else { return false }
        let hook = RunName(of: cgroup)?.hook
        var run = InstanceRun(container: container, cgroup: cgroup, identity: identity, hook: hook)
        run.isPaused = cgroup.isFrozen
        run.isSetUp = true
        preparation.hooksDone = hook ?? 0
        if hook == nil {
            preparation.isDone = true
            run.startedAt = record?.startedAt.map { MonotonicTime(sinceBoot: .seconds($0)) } ?? .now
        }
        self.run = run
        return true
    }

    /// Gives what runs the limits of `service`, which differs in nothing else.
    ///
    /// - Returns: whether they are in force. Where they are not, the old ones may be in part.
    func update(to service: Service, definition: Int) -> Bool {
        guard let run else { return false }
        do {
            let resources = try service.request(changes: .inPlace).resources
            try run.cgroup.update(resources, layout: layout)
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
        guard var run else { return }
        run.isSetUp = true
        self.run = run
        if run.hook == nil, service.console.hasTerminal { try keepTerminal(of: run.container) }
        try run.container.waitUntilRunning()
        run.held = nil
        if run.hook == nil { run.startedAt = .now }
        self.run = run
    }

    /// Gives a start up whose payload runs already.
    func giveUpStart(_ reason: String) { run?.failure = reason }

    /// Whether the container's first process has ended, and how.
    func poll() -> ProcessEnding {
        let ending = run?.container.process.ending() ?? .running
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

    var files: InstanceFiles { InstanceFiles(directory.files(of: "\(name)")) }

    func send(_ signal: Signal) { try? run?.container.process.send(signal) }

    func sendStopSignal() {
        preparation.filler?.kill()
        resume()
        send(service.stopSignal)
    }

    /// Ends everything in the container, at once.
    func kill() {
        preparation.filler?.kill()
        send(.kill)
        run?.cgroup.kill()
        resume()
    }

    /// Stops everything in the container where it is.
    func pause() throws(CgroupError) {
        try run?.cgroup.freeze()
        run?.isPaused = true
    }

    func resume() {
        guard let run, run.isPaused else { return }
        run.cgroup.thaw()
        self.run?.isPaused = false
    }

    /// Takes away what a run leaves behind.
    ///
    /// - Returns: its cgroup, which is still to be removed.
    func cleanUp() -> Cgroup? {
        if let cgroup = run?.cgroup {
            wasOutOfMemory = cgroup.outOfMemoryKills() > 0
            peakMemory = cgroup.peakMemory()
        }
        ranFor = run?.startedAt.map { .now - $0 }
        files.remove()
        defer { run = nil }
        return run?.cgroup
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
        record.process = run?.identity.map { InstanceRecord.Process(number: $0.processID, startTime: $0.startTime) }
        if let cgroup = run?.cgroup { record.cgroup = cgroup }
        record.startedAt = run?.startedAt.map { $0.sinceBoot / .seconds(1) }
        record.runs = runNumber
        record.wasOutOfMemory = wasOutOfMemory
        record.peakMemory = peakMemory?.bytes
        record.ranFor = ranFor.map { $0 / .seconds(1) }
        record.isPaused = run?.isPaused == true
        if preparation.isDone { record.isPrepared = true }
        return record
    }
}
