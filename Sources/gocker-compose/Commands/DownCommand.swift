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
            """
    )

    @OptionGroup var options: StackOptions

    @Argument(help: "The stack file.")
    var stack: String?

    func run() throws {
        let project = try options.project(stack: stack)
        let client = StackClient(options.directory(of: project))
        guard client.exists else {
            return writeLine("\(project) is not running, and nothing of it is left.", to: .standardError)
        }
        let display = ProgressDisplay(verb: "down")
        for name in try OneOffs(options.directory(of: project)).stop() { display.show(StackEvent(name, .stopped)) }
        try client.stop(force: false, onEvent: display.show, whileWaiting: display.wait)
        for instance in try client.remove() { display.show(StackEvent(instance, .leftBehind)) }
        display.end()
        writeLine("\(project) is down; nothing of it is left.", to: .standardError)
    }
}
