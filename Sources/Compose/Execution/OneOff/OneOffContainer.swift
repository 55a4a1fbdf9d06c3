internal import Linux
internal import Runtime

/// A one-off container that this process looks after: it ends with this process.
final class OneOffContainer {
    private let oneOffs: OneOffs
    private let isTemporary: Bool
    private let name: String
    private let cgroup: Cgroup
    private let files: InstanceFiles
    /// What is kept until it runs.
    private var held: HeldMounts?
    let container: Container
    private(set) var record: OneOffRecord?

    /// Begins to start it. What has been made for it is taken away where that fails.
    ///
    /// - Parameters:
    ///   - name: that no other has.
    ///   - streams: become its 0, 1 and 2, where it has no terminal.
    static func start(
        _ request: OneOffRequest, named name: String, of service: Service, in directory: StackDirectory,
        terminalSize: TerminalSize?, hasTerminal: Bool, streams: [CInt]
    ) throws(RuntimeError) -> OneOffContainer {
        do {
            return try OneOffContainer(
                request, named: name, of: service, in: directory, terminalSize: terminalSize, hasTerminal: hasTerminal,
                streams: streams)
        } catch {
            let oneOffs = OneOffs(directory)
            InstanceFiles(oneOffs.files(of: name)).remove()
            oneOffs.remove(name)
            throw error
        }
    }

    private init(
        _ request: OneOffRequest, named name: String, of service: Service, in directory: StackDirectory,
        terminalSize: TerminalSize?, hasTerminal: Bool, streams: [CInt]
    ) throws(RuntimeError) {
        oneOffs = OneOffs(directory)
        isTemporary = request.isTemporary
        self.name = name
        let layout = CgroupLayout.usable()
        let changes: RootChanges
        do {
            changes =
                service.rootfs.overlay ? try WritableLayer(oneOffs.layer(of: name)).prepare(for: service) : .inPlace
        } catch {
            throw .setup(error)
        }
        let state = StackState(directory)
        files = InstanceFiles(oneOffs.files(of: name))
        let preparation = ServicePreparation(service, name, in: directory, files: files) {
            state?.runningProcess(of: $0)
        }
        let held: HeldMounts
        let spec: ContainerSpec
        (spec, held) = try request.spec(
            of: service, changes: changes, terminal: hasTerminal, layout: layout, preparation: preparation)
        self.held = held
        let filter = try SeccompCache(runBase: directory.runBase).filter(for: spec.linux.seccomp)
        do {
            cgroup = try Cgroup(
                creating: try CgroupPlan(
                    path: oneOffs.cgroupPath(name), resources: spec.linux.resources, layout: layout, tracked: true))
        } catch {
            throw .cgroup(error)
        }
        do {
            var context = InitProgram.Context()
            context.taskFiles = cgroup.taskFiles
            context.terminalSize = terminalSize
            // Nobody else would take its end down.
            context.diesWithParent = true
            context.hasInit = service.usesInit
            container = try Launcher.start(
                spec, filter: filter, context: context, cgroup: cgroup, prepared: held.prepared, streams: streams)
        } catch {
            cgroup.remove()
            throw error
        }
    }

    /// Waits until it runs, and writes it down.
    func finishStart(_ service: Service, _ stack: Stack) throws(RuntimeError) {
        try container.waitUntilRunning()
        defer { held = nil }
        do {
            let identity = try ProcessIdentity(of: container.process.processID)
            var record = OneOffRecord(
                name: name, service: service.name.text, definition: stack.canonicalYAML, directory: stack.directory,
                process: InstanceRecord.Process(number: identity.processID, startTime: identity.startTime), places: [],
                startedAt: MonotonicTime.now.sinceBoot / .seconds(1))
            record.places = cgroup.places.map {
                InstanceRecord.Place(mount: $0.mount, path: $0.path, isUnified: $0.isUnified)
            }
            try oneOffs.write(record)
            self.record = record
        } catch {
            throw .setup(error)
        }
    }

    func kill() { cgroup.kill() }

    /// Takes away what its run leaves behind; `status` is how it ended, nil where it never ran.
    func finish(_ status: ExitStatus?) {
        cgroup.kill()
        cgroup.remove()
        held = nil
        files.remove()
        for place in cgroup.places {
            if let parent = parentDirectory(of: place.directory) { try? removeDirectory(parent) }
        }
        guard !isTemporary, let status, var record else { return oneOffs.remove(name) }
        record.end(status)
        self.record = record
        try? oneOffs.write(record)
    }
}
