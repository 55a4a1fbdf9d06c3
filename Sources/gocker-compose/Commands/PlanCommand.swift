internal import ArgumentParser
internal import Compose

/// `gocker-compose plan`: what `up` would do, before it does.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what up would do, and why.",
        discussion: """
              + web-1    create
              ~ db-1     recreate (environment.PORT: "80" → "81", stack.yaml:12)
              ~ cache-1  change limits in place (pids_limit: 50 → 99, stack.yaml:20)
              = queue-1  unchanged
              - old-1    not in the stack file any more: up leaves it alone, …

            EXAMPLES:
              gocker-compose plan                  before up
              gocker-compose plan --format json    for scripts

            EXIT CODES: 0 nothing to do; 2 something would change; 1 the stack file is wrong.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @OptionGroup var options: StackOptions

    @Option(help: "text or json.")
    var format: Format = .text

    @Argument(help: "The stack file.")
    var stack: String?

    func run() throws {
        let stack = try options.loadStack(try options.request(stack: stack, purpose: .run))
        let plan = StackClient(options.directory(of: stack.name)).plan(stack)
        switch format {
        case .text: PlanPrinter(to: .standardOutput).print(plan)
        case .json: writeBytes(plan.json.utf8, to: .standardOutput)
        }
        if plan.changesAnything { throw ExitCode(2) }
    }
}
