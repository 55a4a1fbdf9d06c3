internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose down`: takes a stack away.
struct DownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Stop a stack in order and take away everything it made.",
        discussion: """
            Each service gets its stop signal, then its grace period, then it is killed with everything it started. \
            Nothing is left: no process, mount, cgroup or file. Also where the supervisor has died. Where services are \
            named only they are taken away.

            EXAMPLES:
              gocker-compose down
              gocker-compose -p shop down    by name, without its stack file
              gocker-compose down web        one service
              gocker-compose down -v         with its volumes, and what is in them
            """
    )

    @OptionGroup var options: StackOptions

    @Option(name: [.customShort("t"), .long], help: .timeout)
    var timeout: Double?

    @Flag(help: "Also what the stack file does not have any more: that is always so.")
    var removeOrphans = false

    @Flag(name: .shortAndLong, help: "Also its volumes, but not external ones.")
    var volumes = false

    @Argument(help: .servicesOfStack, completion: .services)
    var words: [String] = []

    func run() throws {
        let project = try options.project(words: words)
        let directory = options.directory(of: project)
        try options.refuseForeign(project, directory, words: words)
        let services = words.filter { !StackOptions.isFile($0) }
        let kept = VolumeStore(directory).records(of: project).map(\.name)
        guard StackClient(directory).exists || volumes && !kept.isEmpty else {
            let rest = kept.isEmpty ? "nothing of it is left" : "only its volumes are left"
            return writeLine("\(project) is not running, and \(rest).", to: .standardError)
        }
        if options.dryRun {
            for instance in StackState(directory)?.instances ?? []
            where services.isEmpty || services.contains(instance.service) {
                writeLine("- \(instance.name)  stop and take away", to: .standardOutput)
            }
            for name in kept where volumes && services.isEmpty {
                writeLine("- \(name)  remove the volume", to: .standardOutput)
            }
            return
        }
        guard services.isEmpty else {
            return try StackTarget(options, words: words).operate(.remove(stops: true), verb: "down")
        }
        try Self.takeDown(directory, within: timeout, removesVolumes: volumes)
    }

    static func takeDown(
        _ directory: StackDirectory, within timeout: Double?, removesVolumes: Bool = false
    ) throws {
        let client = StackClient(directory)
        // A supervisor has written down what runs; without one the state is from before its death.
        let isSupervised = client.isSupervised
        let running = (StackState(directory)?.instances ?? []).filter {
            isSupervised ? $0.processID != nil : $0.isAlive
        }
        let display = ProgressDisplay(verb: "down", instances: running.map(\.name))
        do {
            for name in try OneOffs(directory).stop(within: timeout) { display.show(StackEvent(name, .stopped)) }
            try client.stop(within: timeout, onEvent: display.show, whileWaiting: display.wait)
            for instance in try client.remove() { display.show(StackEvent(instance, .leftBehind)) }
            if removesVolumes { _ = try VolumeStore(directory).removeAll(of: directory.project) }
        } catch {
            display.end()
            throw Failure("\(error)")
        }
        display.end()
        let left =
            VolumeStore(directory).records(of: directory.project).isEmpty ? "nothing of it is" : "only its volumes are"
        writeLine("\(directory.project) is down; \(left) left.", to: .standardError)
    }
}
