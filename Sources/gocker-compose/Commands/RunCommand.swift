internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose run`: a one-off container of a service.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command in a container of its own, made like a service's.",
        usage: "gocker-compose run [<options>] <service> [<command> [<argument> ...]]",
        discussion: """
            What the service depends on is started first, and stays. The container has the service's root file system, \
            variables, mounts, rights and limits, and changes of its own; stop, start and restart of the service do not \
            touch it, down ends it. From a terminal it gets a terminal.

            EXAMPLES:
              gocker-compose run --rm web sh                a shell beside the service
              gocker-compose run --rm -T db dump > db.sql   no terminal: bytes as they are
              gocker-compose run -d worker import           in the background

            EXIT CODE: the command's own; 128+n where signal n ended it; 126 where it cannot be executed, 127 where it \
            does not exist, 1 for every other problem.
            """
    )

    @OptionGroup var options: StackOptions

    @OptionGroup(title: "THE COMMAND") var command: OneOffOptions

    @Flag(name: .shortAndLong, help: "Leave it running in the background, and print its name.")
    var detach = false

    @Flag(help: "Keep nothing of it when it has ended.")
    var rm = false

    @Option(help: ArgumentHelp("What it is called (default: SERVICE-run-SLUG).", valueName: "name"))
    var name: String?

    @Flag(help: "Start nothing that the service depends on.")
    var noDeps = false

    @Flag(help: "Take away what the stack file does not have any more, and what earlier runs have left.")
    var removeOrphans = false

    @OptionGroup var streams: TerminalOptions

    @Flag(name: .shortAndLong, help: "Say nothing about what is started.")
    var quiet = false

    @OptionGroup var ports: PortOptions

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The service, then the command.", valueName: "service and command"), completion: .services)
    var words: [String] = []

    func run() throws {
        try options.refuseDryRun("run")
        try ports.refuse()
        let (service, arguments) = try words.splitAtService(of: self)
        var load = try options.request(words: [service], purpose: .run)
        let given = arguments.isEmpty ? [command.entrypoint].compactMap { $0 } : arguments
        if !given.isEmpty { load.commands[service] = given }
        let loaded = try options.load(load)
        guard let stack = loaded.stack else { throw ExitCode(1) }
        var request = try command.request(service: service, arguments) { loaded.environment[$0] }
        // What is said by itself outweighs what files say.
        request.environment = try options.variables(of: command.envFromFile, load) + request.environment
        request.name = name
        request.isTemporary = rm
        let directory = options.directory(of: stack.name)
        try UpPreparation.refuseForeign(stack, directory)
        let tellsOrphans = try Orphans.areTold(loaded.environment, removing: removeOrphans)
        if options.dryRun { return writeLine("+ \(name ?? service)  create and run", to: .standardOutput) }
        do {
            let oneOff = try OneOff(request, of: stack, in: directory)
            Orphans.dealWithRuns(of: directory, removing: removeOrphans, telling: tellsOrphans && !quiet)
            if !noDeps { try startDependencies(of: oneOff.serviceName, stack, directory, tellsOrphans: tellsOrphans) }
            if detach {
                try oneOff.detach()
                return writeLine(oneOff.name, to: .standardOutput)
            }
            throw ExitCode(try oneOff.run(streams.attachment).shellCode)
        } catch let failure as ExecutionFailure {
            throw tell(failure)
        }
    }

    private func startDependencies(
        of service: ServiceName, _ stack: Stack, _ directory: StackDirectory, tellsOrphans: Bool
    ) throws {
        let needed = OneOff.dependencies(of: service, in: stack)
        guard !needed.isEmpty else { return }
        // What is not needed stays part of the stack. Services of profiles may be known only because this one was named.
        let request = try options.request(purpose: .run)
        let whole = StackLoader(host: SystemHost()).load(request).stack
        let base = whole.flatMap { $0.has(needed) ? $0 : nil } ?? stack
        let display = ProgressDisplay(quiet ? .quiet : Appearance.progress, verb: "run")
        defer { display.end() }
        let client = StackClient(directory)
        var up = UpRequest(base, files: request.files, services: needed)
        up.removesOrphans = removeOrphans
        up.tellsOrphans = tellsOrphans
        let failed = try client.up(up, onEvent: display.show, whileWaiting: display.wait)
        guard failed.isEmpty else { throw Failure("run: \(failed.joined(separator: ", ")) failed to start") }
        try wait(for: OneOffDependencies(of: service, in: stack, directory), directory)
    }

    /// Looks again whenever something happens to the stack, which has been written down by then.
    private func wait(for dependencies: OneOffDependencies, _ directory: StackDirectory) throws {
        guard try !isMet(dependencies) else { return }
        let signals = try SignalQueue([.interrupt, .terminate])
        while true {
            let poller = try Poller()
            try poller.add(signals.descriptor, token: 0)
            // Should the supervisor have been killed, the next one goes on with what is waited for.
            let session = try StackSession.watching(directory)
            try session.add(to: poller, token: 1)
            var isThere = true
            while isThere {
                guard try !isMet(dependencies) else { return }
                for event in try poller.wait() {
                    if event.token == 0 { throw ExitCode(130) }
                    isThere = session.hear() != nil
                }
            }
        }
    }

    private func isMet(_ dependencies: OneOffDependencies) throws -> Bool {
        switch dependencies.progress {
        case .met: return true
        case .waiting: return false
        case .hopeless(let why): throw Failure("run: \(why)")
        }
    }
}

/// How a one-off container differs from its service.
struct OneOffOptions: ParsableArguments {
    @OptionGroup var process: ProcessOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Show a path of the host's inside. Repeatable.", valueName: "src:dst[:ro]"))
    var volume: [String] = []

    @Option(help: ArgumentHelp("Set the variables of an env file. Repeatable.", valueName: "file"), completion: .file())
    var envFromFile: [String] = []

    @Option(help: ArgumentHelp("In place of the service's entry point and command.", valueName: "words"))
    var entrypoint: String?

    @Option(help: ArgumentHelp("One more capability; ALL for all. Repeatable.", valueName: "capability"))
    var capAdd: [String] = []

    @Option(help: ArgumentHelp("One capability less; ALL for all. Repeatable.", valueName: "capability"))
    var capDrop: [String] = []

    /// - Parameter environment: where variables come from that are named without a value.
    func request(
        service: String, _ arguments: [String], environment: (String) -> String?
    ) throws -> OneOffRequest {
        var request = OneOffRequest(service: service)
        request.command = arguments
        if let entrypoint {
            guard let words = OneOffRequest.words(entrypoint) else {
                throw Failure("--entrypoint \(entrypoint): expected words as a shell has them")
            }
            request.entrypoint = words
        }
        request.environment = try process.variables(from: environment)
        let here = try workingDirectory()
        request.volumes = try volume.map { text in
            guard let volume = OneOffRequest.Volume(text, relativeTo: here) else {
                throw Failure("--volume \(text): expected SRC:DST or SRC:DST:ro, DST being absolute")
            }
            guard (try? FileStatus.of(volume.source)) != nil else {
                throw Failure("--volume \(text): there is no \(volume.source) on the host")
            }
            return volume
        }
        request.workingDirectory = try process.workingDirectory()
        request.user = process.user
        request.addedCapabilities = capAdd
        request.droppedCapabilities = capDrop
        return request
    }
}

/// What other tools have, and what takes networks.
struct PortOptions: ParsableArguments {
    @Flag(help: .hidden)
    var servicePorts = false

    @Option(name: [.customShort("p"), .customLong("publish")], help: .hidden)
    var publish: [String] = []

    func refuse() throws {
        guard servicePorts || !publish.isEmpty else { return }
        throw Failure(
            "run: --service-ports and --publish are not acted on by this version: a service is in the host's network, "
                + "where its ports are the host's")
    }
}
