internal import Linux
internal import Runtime

/// One instance of a service with its effects: its container, outputs, log, cgroup and writable layer.
final class Instance {
    let name: InstanceName
    private(set) var service: Service
    private let directory: StackDirectory
    private let layout: CgroupLayout
    let pumps: [OutputPump]
    private let log: LogWriter

    private(set) var container: Container?
    private var cgroup: Cgroup?
    /// Counts starts: every run has a cgroup of its own, because one that was killed may kill what is started in it.
    private var runs = 0
    private(set) var startedAt: MonotonicTime?
    private(set) var wasOutOfMemory = false

    init(
        _ name: InstanceName, _ service: Service, directory: StackDirectory, layout: CgroupLayout,
        compressor: LogCompressor?
    ) throws(SystemError) {
        self.name = name
        self.service = service
        self.directory = directory
        self.layout = layout
        let log = LogWriter(
            name, of: directory.project, service.logging, directory: directory.logs, compressor: compressor)
        self.log = log
        let mode = service.logging.mode
        pumps = try LogStream.allCases.map { stream throws(SystemError) in
            try OutputPump(stream, path: directory.output(of: name, stream), log: log, mode: mode)
        }
    }

    /// Begins to start a container.
    func start() throws(RuntimeError) {
        runs += 1
        wasOutOfMemory = false
        // What a run left open whose end nobody saw.
        log.endRun()
        let layer: RootChanges
        do {
            layer =
                service.rootfs.overlay ? try WritableLayer(directory.layer(of: name)).prepare(for: service) : .inPlace
        } catch {
            throw .setup(error)
        }
        var spec = try service.request(changes: layer).spec(layout: layout)
        // A limit that somebody asked for holds or is an error; the standard one gives way where nothing can enforce it.
        if service.pidsLimit == .standard, !layout.has(.pids) { spec.linux.resources.pids = nil }
        let filter = try SeccompCache(runBase: directory.runBase).filter(for: spec.linux.seccomp)
        let cgroup: Cgroup
        do {
            let plan = try CgroupPlan(
                path: "gocker-\(directory.project)/\(name).\(ownProcessID)-\(runs)", resources: spec.linux.resources,
                layout: layout, tracked: true)
            cgroup = try Cgroup(creating: plan)
        } catch {
            throw .cgroup(error)
        }
        do {
            var context = InitProgram.Context()
            context.taskFiles = cgroup.taskFiles
            // Without a cgroup it could not be found again.
            context.diesWithParent = cgroup.places.isEmpty
            container = try launch(spec, InitProgram(spec, filter: filter, context: context), cgroup)
            self.cgroup = cgroup
        } catch {
            cgroup.remove()
            throw error
        }
    }

    private func launch(
        _ spec: ContainerSpec, _ program: InitProgram, _ cgroup: Cgroup
    ) throws(RuntimeError) -> Container {
        let nothing = try open { () throws(SystemError) in try FileDescriptor.open("/dev/null", .readWrite) }
        let output = try open { () throws(SystemError) in try pumps[0].openForService() }
        let error = try open { () throws(SystemError) in try pumps[1].openForService() }
        let inheritance = Inheritance(streams: [nothing.number, output.number, error.number])
        return try Launcher.start(
            program, cgroup: cgroup, inheritance: inheritance, mappings: spec.linux.identityMappings)
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

    /// Gives what runs the limits of `service`, which differs in nothing else.
    ///
    /// - Returns: whether they are in force. Where they are not, the old ones may be in part.
    func update(to service: Service) -> Bool {
        guard let cgroup else { return false }
        do {
            let resources = try service.request(changes: .inPlace).resources
            try cgroup.update(resources, layout: layout)
            if service.rootfs.overlay { try WritableLayer(directory.layer(of: name)).adopt(service) }
        } catch {
            return false
        }
        self.service = service
        return true
    }

    /// Takes note of whether the payload runs by now.
    func finishStart() throws(RuntimeError) {
        try container?.waitUntilRunning()
        startedAt = MonotonicTime.now
    }

    /// Whether the container's first process has ended, and how.
    func poll() -> ExitStatus? { try? container?.process.poll() }

    func sendStopSignal() { try? container?.process.send(service.stopSignal) }

    /// Ends everything in the container, at once.
    func kill() {
        try? container?.process.send(.kill)
        cgroup?.kill()
    }

    /// Takes away what a run leaves behind.
    func cleanUp() {
        if let cgroup {
            wasOutOfMemory = cgroup.outOfMemoryKills() > 0
            cgroup.remove()
        }
        cgroup = nil
        container = nil
        startedAt = nil
    }

    /// Keeps what is left of the outputs of a run that has ended.
    ///
    /// - Parameter show: passed what there was.
    func drainOutputs(_ buffer: OutputBuffer, show: (LogStream, UnsafeRawBufferPointer) -> Void) {
        for pump in pumps { try? pump.drain(buffer) { show(pump.stream, $0) } }
        log.endRun()
    }

    /// The cgroup's directories, the one that counts processes first.
    var cgroupDirectories: [String] { cgroup?.directories ?? [] }
}
