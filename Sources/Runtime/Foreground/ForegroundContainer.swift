public import Linux

/// One container run to its end by the calling process, which stands in for it: signals are passed on, the terminal is
/// connected, and nothing is left behind.
public struct ForegroundContainer: ~Copyable {
    private let spec: ContainerSpec
    private let program: InitProgram
    private let plan: CgroupPlan

    /// How the run differs from what the spec says.
    public struct Options {
        public var movesRoot = false
        /// Whether the container says on standard error what runs in it as which process.
        public var announces = false
        /// Whether it is said, too, which process of ours that is.
        public var isVerbose = false
        /// Told how long each step of the start took, where somebody wants to know.
        public var trace: StartTrace?
        /// Whether the payload gets the caller's standard input; otherwise it reads nothing.
        public var keepsInput = false
        /// Whether somebody chose the name, so that no second container of it may run.
        public var hasChosenName = false
        /// The directory that a reboot empties. See `SeccompCache`.
        public var runBase = RunDirectory.standard

        public init() {}
    }

    private let options: Options

    /// - Throws: `RuntimeError.cgroup` where a limit cannot be enforced on this machine, `.seccomp` where system calls
    ///   cannot be filtered as the spec says.
    public init(
        _ spec: ContainerSpec, name: ContainerName, layout: CgroupLayout, options: Options
    ) throws(RuntimeError) {
        let filter = try SeccompCache(runBase: options.runBase).filter(for: spec.linux.seccomp)
        let plan: CgroupPlan
        do {
            plan = try CgroupPlan(
                path: "gocker-\(name)", resources: spec.linux.resources, layout: layout, tracked: options.hasChosenName)
        } catch {
            throw .cgroup(error)
        }
        var context = InitProgram.Context()
        context.taskFiles = Cgroup(existing: plan).taskFiles
        context.diesWithParent = true
        context.movesRoot = options.movesRoot
        context.announces = options.announces || options.isVerbose
        context.isTraced = options.trace != nil
        context.terminalSize = spec.process.terminal ? try? FileDescriptor.duplicate(0).terminalSize() : nil
        self.spec = spec
        self.options = options
        self.plan = plan
        program = InitProgram(spec, filter: filter, context: context)
        options.trace?.mark("spec, system call filter and program are made")
    }

    /// What the container's first process will do, one operation a line.
    public var dryRun: String { program.description }

    /// Runs the container.
    ///
    /// - Throws: `RuntimeError` where the payload never ran.
    public consuming func run() throws(RuntimeError) -> ExitStatus {
        let cgroup: Cgroup
        do {
            cgroup = try Cgroup(creating: plan)
        } catch {
            throw .cgroup(error)
        }
        defer { cgroup.remove() }
        options.trace?.mark("cgroup is made")
        do {
            let signals = try SignalQueue(Signal.forwardable)
            return try run(in: cgroup, signals: signals)
        } catch let error as RuntimeError {
            throw error
        } catch let error as SystemError {
            throw .setup(error)
        } catch {
            throw .setup(SystemError("run", "", .inputOutput))
        }
    }

    private borrowing func run(in cgroup: Cgroup, signals: borrowing SignalQueue) throws -> ExitStatus {
        // With a terminal of its own the payload has nothing of ours: its streams are replaced before it runs.
        var streams: [CInt] = [0, 1, 2]
        let nothing = try FileDescriptor.open("/dev/null", .readWrite)
        if !options.keepsInput { streams[0] = nothing.number }

        let container = try Launcher.start(
            program, cgroup: cgroup, inheritance: Inheritance(streams: streams), mappings: spec.linux.identityMappings)
        if options.isVerbose {
            let line = "Running [\(spec.process.arguments.joined(separator: " "))] as \(container.process.processID)\n"
            try? FileDescriptor.duplicate(2).writeAll(line.utf8)
        }
        guard spec.process.terminal else {
            try finishTrace(container)
            try container.waitUntilRunning()
            return try container.process.wait(forwarding: signals)
        }
        let session = try TerminalSession(try container.receiveTerminal(), readsInput: options.keepsInput)
        defer { session.end() }
        try finishTrace(container)
        try container.waitUntilRunning()
        return try session.relay(for: container.process, signals: signals)
    }

    private borrowing func finishTrace(_ container: Container) throws(RuntimeError) {
        guard let trace = options.trace else { return }
        trace.add(program, try container.receiveTimes())
    }
}
