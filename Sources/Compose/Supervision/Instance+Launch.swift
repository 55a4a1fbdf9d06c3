internal import Linux
internal import Runtime

extension Instance {
    /// Begins to start a container for its present run. Parameters as of `start`.
    func launch(
        hook: Int?, running: @escaping (ServiceName) -> ServicePreparation.RunningProcess?,
        prepare: (inout ContainerRequest) throws(SystemError) -> Void
    ) throws(RuntimeError) -> InstanceRun {
        var request: ContainerRequest
        if let hook {
            request = try service.hooks.preStart[hook].request(of: service)
        } else {
            request = try ownRequest()
        }
        let held: HeldMounts?
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
                path:
                    "gocker-\(directory.project)/\(RunName(name, supervisor: ownProcessID, run: runNumber, hook: hook))",
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
            let container = try launch(
                spec, filter, context, cgroup, prepared: held?.prepared ?? [], reads: hook == nil)
            return InstanceRun(
                container: container, cgroup: cgroup, identity: try? ProcessIdentity(of: container.process.processID),
                hook: hook, held: held)
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
        _ spec: ContainerSpec, _ filter: SeccompFilter?, _ context: InitProgram.Context, _ cgroup: Cgroup,
        prepared: [PreparedBind], reads: Bool
    ) throws(RuntimeError) -> Container {
        let input = try open { () throws(SystemError) in
            let isTyped = reads && service.console.keepsInput && !service.console.hasTerminal
            if isTyped { return try ServiceInput.make(directory.input(of: "\(name)")) }
            return try FileDescriptor.open("/dev/null", .readWrite)
        }
        let output = try open { () throws(SystemError) in try pumps[0].openForService() }
        let error = try open { () throws(SystemError) in try pumps[1].openForService() }
        return try Launcher.start(
            spec, filter: filter, context: context, cgroup: cgroup, prepared: prepared,
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
}
