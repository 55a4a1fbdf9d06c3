internal import ArgumentParser
internal import Compose

/// What `up` and `create` can be told.
struct UpOptions: ParsableArguments {
    @Flag(help: "Make every instance anew, also where nothing has changed.")
    var forceRecreate = false

    @Flag(help: "Leave instances as they are, also where something has changed.")
    var noRecreate = false

    @Flag(help: "Also make those anew that the named services depend on.")
    var alwaysRecreateDeps = false

    @Flag(help: "Take instances away that the stack file does not have any more.")
    var removeOrphans = false

    @Option(
        help: ArgumentHelp("So many instances of a service, in place of what the file says.", valueName: "service=n"))
    var scale: [ScaleArgument] = []

    @Flag(help: "Do not start what the named services depend on.")
    var noDeps = false

    @Flag(
        name: [.customShort("V"), .customLong("renew-anon-volumes")],
        help: "What is made anew begins with new volumes where those have no name.")
    var renewAnonVolumes = false

    @Option(
        name: [.customShort("t"), .long],
        help: ArgumentHelp("How long what is stopped has, in place of its own grace period.", valueName: "seconds"))
    var timeout: Double?

    @Flag(name: [.customShort("y"), .customLong("yes")], help: ArgumentHelp(visibility: .hidden))
    var yes = false

    @Flag(name: .customLong("quiet-pull"), help: ArgumentHelp(visibility: .hidden))
    var quietPull = false

    mutating func validate() throws {
        if forceRecreate, noRecreate {
            throw ValidationError("--force-recreate and --no-recreate exclude each other")
        }
        if alwaysRecreateDeps, noRecreate {
            throw ValidationError("--always-recreate-deps and --no-recreate exclude each other")
        }
        if let timeout, timeout < 0 { throw ValidationError("--timeout \(timeout): expected 0 or more seconds") }
    }
}

/// `web=3`.
struct ScaleArgument: ExpressibleByArgument {
    let service: ServiceName
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let service = ServiceName(String(parts[0])), let count = Int(parts[1]), count >= 0
        else {
            return nil
        }
        self.service = service
        self.count = count
    }
}

/// A stack as it was loaded, and what is to become of it.
struct UpPreparation {
    let stack: Stack
    let directory: StackDirectory
    var request: UpRequest
    /// Those that were named; all where none was.
    let named: [ServiceName]

    /// - Parameter words: the stack file, and services.
    init(_ options: StackOptions, _ up: UpOptions, words: [String]) throws {
        var load = try options.request(words: words, purpose: .run)
        load.kept.insert(.others)
        let result = try options.load(load)
        guard let loaded = result.stack else { throw ExitCode(1) }
        if let global = up.scale.first(where: { loaded.service(named: $0.service.text)?.isGlobal == true }) {
            throw Failure("--scale: service \"\(global.service)\" is global: there is one of it on a machine")
        }
        let scale = Dictionary(up.scale.map { ($0.service, $0.count) }, uniquingKeysWith: { $1 })
        guard let stack = loaded.scaled(scale) else {
            let unknown = up.scale.first { loaded.service(named: $0.service.text) == nil }.map { "\($0.service)" } ?? ""
            throw Failure("--scale: no service \"\(unknown)\" in this stack")
        }
        self.stack = stack
        named = load.services.compactMap { ServiceName($0) }
        directory = options.directory(of: stack.name)
        try Self.refuseForeign(stack, directory)
        if up.noDeps { try Self.refuseMissingVolumes(of: named, in: stack, directory) }
        request = UpRequest(
            stack, files: load.files, services: up.noDeps || named.isEmpty ? named : stack.withDependencies(named))
        request.inactive = result.inactive.sorted()
        request.recreation = up.forceRecreate ? .always : up.noRecreate ? .never : .changed
        // Naming a service does not mean that what it needs is made anew.
        if up.forceRecreate, !named.isEmpty, !up.alwaysRecreateDeps { request.recreatesOnly(named) }
        request.removesOrphans = up.removeOrphans
        request.tellsOrphans = try Orphans.areTold(result.environment, removing: up.removeOrphans)
        request.renewsVolumes = up.renewAnonVolumes
        if load.kept.contains(.unused) { request.makesVolumes(of: loaded) }
        request.timeout = up.timeout
    }

    /// The volumes without names of another service come with its first instance.
    private static func refuseMissingVolumes(
        of services: [ServiceName], in stack: Stack, _ directory: StackDirectory
    ) throws {
        let present = Set((StackState(directory)?.instances ?? []).map(\.service))
        for service in services.compactMap({ stack.service(named: $0.text) }) {
            for owner in service.volumeOwners where !services.contains(owner) && !present.contains(owner.text) {
                throw Failure(
                    "service \"\(service.name)\" has volumes of \"\(owner)\", which is not there: leave --no-deps out, "
                        + "or name both")
            }
        }
    }

    /// Two stacks of the same name in two places are not the same stack.
    static func refuseForeign(_ stack: Stack, _ directory: StackDirectory) throws {
        guard let origin = StackState.Origin(directory), origin.directory != stack.directory,
            StackState(directory)?.isEmpty == false
        else { return }
        throw Failure(
            "a stack named \(stack.name) is there already, from \(origin.directory); choose another name with -p")
    }

    /// The instances that something may happen to.
    var instances: [String] {
        let services = Set(request.services)
        return stack.instances.filter { services.isEmpty || services.contains($0.service.text) }.map(\.description)
    }

    /// Says what would be done, and does nothing.
    func printPlan() {
        PlanPrinter(to: .standardOutput).print(StackClient(directory).plan(stack, options: request.planOptions))
    }

    /// Tells a person what will happen to a stack that is there already. What happens to a new one is plain.
    func showPlan() {
        guard OutputStream.standardError.isTerminal, StackClient(directory).isSupervised else { return }
        let plan = StackClient(directory).plan(stack, options: request.planOptions)
        if plan.changesAnything { PlanPrinter(to: .standardError).print(plan) }
    }
}
