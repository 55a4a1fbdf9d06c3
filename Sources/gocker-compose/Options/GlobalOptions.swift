internal import ArgumentParser

/// What every command can be told, before its name or behind it.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A stack file; later ones over earlier ones. Repeatable.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var file: [String] = []

    @Option(
        help: ArgumentHelp(
            "The name of the project (default: the stack file's, or its directory's).", valueName: "name"),
        completion: .projects)
    var projectName: String?

    @Option(
        help: ArgumentHelp("Where relative paths start from (default: the first file's).", valueName: "dir"),
        completion: .directory)
    var projectDirectory: String?

    @Option(
        help: ArgumentHelp("Variables for the stack file (default: .env beside it). Repeatable.", valueName: "file"),
        completion: .file())
    var envFile: [String] = []

    @Option(
        help: ArgumentHelp("Also the services of this profile; * for all. Repeatable.", valueName: "name"),
        completion: .profiles)
    var profile: [String] = []

    @Flag(help: "A variable that is not set and has no default is an error.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "How progress is shown (default: auto, or COMPOSE_PROGRESS).", valueName: "auto|tty|plain|json|quiet"))
    var progress: ProgressChoice?

    @Option(
        help: ArgumentHelp(
            "Whether colours are used (default: auto, or COMPOSE_ANSI).", valueName: "auto|always|never"))
    var ansi: ColourMode?

    @Flag(help: "Also volumes, networks, secrets and configs that no service uses.")
    var allResources = false

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "How many operations may run at once. The supervisor does one after the other: any number holds.",
            valueName: "n"))
    var parallel: Int?

    @Flag(help: ArgumentHelp("Accepted, and does nothing: there are no old names to keep.", visibility: .hidden))
    var compatibility = false
}
