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
            Nothing is left: no process, mount, cgroup or file. Also where the supervisor has died.

            EXAMPLES:
              gocker-compose down
              gocker-compose -p shop down    by name, from anywhere
            """
    )

    @OptionGroup var options: StackOptions

    @Argument(help: "The stack file.")
    var stack: String?

    func run() throws {
        let project = try options.project(stack: stack)
        let directory = options.directory(of: project)
        let client = StackClient(directory)
        guard client.exists else {
            return writeLine("\(project) is not running, and nothing of it is left.", to: .standardError)
        }
        if options.dryRun {
            for instance in StackState(directory)?.instances ?? [] {
                writeLine("- \(instance.name)  stop and take away", to: .standardOutput)
            }
            return
        }
        let display = ProgressDisplay(verb: "down")
        try client.stop(force: false, onEvent: display.show, whileWaiting: display.wait)
        for instance in try client.remove() { display.show(StackEvent(instance, .leftBehind)) }
        display.end()
        writeLine("\(project) is down; nothing of it is left.", to: .standardError)
    }
}
