internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose up`: makes the stack what its file says.
struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start a stack; or, where it runs, make it what its file says now.",
        discussion: """
            In the foreground it shows what the services print; Ctrl-C stops them in order, a second Ctrl-C kills them. \
            With -d it returns once every service has started. Where the stack runs already, unchanged services are \
            left alone, changed ones are recreated and removed ones are reported.

            EXAMPLES:
              gocker-compose up                  the stack file of this directory
              gocker-compose up -d stack.yaml    in the background
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Leave the stack running in the background.")
    var detach = false

    @Argument(help: "The stack file.")
    var stack: String?

    func run() throws {
        let request = try options.request(stack: self.stack, purpose: .run)
        let stack = try options.loadStack(request)
        let directory = options.directory(of: stack.name)
        try refuseForeign(stack, directory)
        if options.dryRun { return PlanPrinter(to: .standardOutput).print(StackClient(directory).plan(stack)) }
        showPlan(stack, directory)
        if detach {
            try runDetached(stack, directory, request.files)
        } else {
            try AttachedRun(stack, directory, files: request.files).run()
        }
    }

    /// Two stacks of the same name in two places are not the same stack.
    private func refuseForeign(_ stack: Stack, _ directory: StackDirectory) throws {
        guard StackClient(directory).isSupervised, let state = StackState(directory),
            state.directory != stack.directory
        else { return }
        throw Failure(
            "a stack named \(stack.name) is running already, from \(state.directory); choose another name with -p")
    }

    /// Tells a person what will happen to a stack that runs already. What happens to a new one is plain.
    private func showPlan(_ stack: Stack, _ directory: StackDirectory) {
        let client = StackClient(directory)
        guard OutputStream.standardError.isTerminal, client.isSupervised else { return }
        let plan = client.plan(stack)
        if plan.changesAnything { PlanPrinter(to: .standardError).print(plan) }
    }

    private func runDetached(_ stack: Stack, _ directory: StackDirectory, _ files: [String]) throws {
        let display = ProgressDisplay(verb: "up", instances: stack.instances.map(\.description))
        defer { display.end() }
        let failed = try StackClient(directory).up(
            stack, files: files, onEvent: display.show, whileWaiting: display.wait)
        guard failed.isEmpty else { throw ExitCode(1) }
    }
}
