internal import ArgumentParser
internal import Compose

/// `gocker-compose create`: makes everything ready, and starts nothing.
struct CreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make the instances of a stack, and start none of them.",
        discussion: """
            EXAMPLES:
              gocker-compose create         then: gocker-compose start
              gocker-compose create web     one service, and what it needs
            """
    )

    @OptionGroup var options: StackOptions

    @OptionGroup var up: UpOptions

    @Argument(
        help: ArgumentHelp("The stack file, or services.", valueName: "stack or service"), completion: .services)
    var words: [String] = []

    func run() throws {
        var preparation = try UpPreparation(options, up, words: words)
        if options.dryRun { return preparation.printPlan() }
        preparation.request.starts = false
        try DetachedUp.run(preparation, verb: "create")
    }
}
