internal import ArgumentParser
internal import Compose

/// `gocker-compose scale`.
struct ScaleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Change how many instances of services there are.",
        discussion: """
            What is too much is stopped, obsolete instances first, then the highest numbers; the lowest free numbers are \
            given to new ones. The next "up" goes by the stack file again.

            EXAMPLES:
              gocker-compose scale web=3 worker=0
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(help: "Do not start what the services depend on.")
    var noDeps = false

    @Argument(help: ArgumentHelp("So many instances of a service.", valueName: "service=n"))
    var scales: [ScaleArgument]

    func run() throws {
        var up = try UpOptions.parse(noDeps ? ["--no-recreate", "--no-deps"] : ["--no-recreate"])
        up.scale = scales
        let preparation = try UpPreparation(options, up, words: scales.map(\.service.text))
        if options.dryRun { return preparation.printPlan() }
        try DetachedUp.run(preparation, verb: "scale")
    }
}
