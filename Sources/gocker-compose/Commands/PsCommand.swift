internal import ArgumentParser
internal import Compose

/// `gocker-compose ps`: how the instances do.
struct PsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "Show the state of every service.",
        discussion: """
            The table has every instance, also those that do not run: why one does not is what people want to see. -q \
            and --services name those that run, as scripts expect; with -a all.

            EXAMPLES:
              gocker-compose ps                                  how everything does
              gocker-compose ps --wide                           memory, pressure, limits
              gocker-compose ps --status exited --format json    an array, for scripts
              gocker-compose ps --format '{{.Name}} {{.State}}'  a line each
            """
    )

    @OptionGroup var options: StackOptions

    @Flag(name: .shortAndLong, help: "Also one-off containers; with -q and --services, also what does not run.")
    var all = false

    @Flag(name: .shortAndLong, help: "Print the names of instances only.")
    var quiet = false

    @Flag(help: "Print the names of services only.")
    var services = false

    @Option(
        help: ArgumentHelp("Only those in this state, e.g. running, exited, failed. Repeatable.", valueName: "state"))
    var status: [String] = []

    @Option(help: ArgumentHelp("Only those of status=, service= or name=. Repeatable.", valueName: "filter"))
    var filter: [InstanceFilter] = []

    @Option(help: ListingFormat.help)
    var format = ListingFormat.table

    @Flag(
        inversion: .prefixedNo,
        help: "Whether services that the stack file does not have any more are shown, too (default: they are).")
    var orphans = true

    @Flag(name: .shortAndLong, help: "Also memory, pressure, throttling, and how often limits were met.")
    var wide = false

    @Flag(help: "Do not cut what is long.")
    var noTrunc = false

    @Argument(
        help: ArgumentHelp("The stack file, or services.", valueName: "stack or service"), completion: .services)
    var words: [String] = []

    func run() throws {
        let project = try options.project(words: words)
        let needsUse = wide || format != .table
        let oneOffs = all ? OneOffs(options.directory(of: project)).reports : []
        guard let report = StackReport(options.directory(of: project), measuresUse: needsUse) else {
            guard oneOffs.isEmpty else { return try show(oneOffs) }
            if format == .json { return writeLine("[]", to: .standardOutput) }
            if !quiet, !services { writeLine("\(project) is not there.", to: .standardError) }
            return
        }
        let selection = try ServiceSelection(words, in: report)
        let current = orphans ? nil : options.servicesOfFile(words: words)
        let wanted = status.map { InstanceFilter(kind: .status, value: $0) } + filter
        let instances = (report.instances + oneOffs).filter { instance in
            selection.contains(instance) && InstanceFilter.all(wanted, match: instance)
                && current?.contains(instance.row.service) ?? true
        }
        try show(instances)
        if !report.isSupervised, report.instances.contains(where: { $0.row.processes ?? 0 > 0 }) {
            writeLine(
                "The supervisor of \(project) has died; its services run on. "
                    + "gocker-compose up or down brings order.", to: .standardError)
        }
    }

    private func show(_ instances: [InstanceReport]) throws {
        if quiet || services {
            var names: [String] = []
            for instance in instances where all || !status.isEmpty || instance.isRunning {
                let name = services ? instance.row.service : instance.row.name
                if !names.contains(name) { names.append(name) }
            }
            return writeLines(names.map { StyledLine($0) }, to: .standardOutput)
        }
        let lines = try format.lines(of: instances.map(\.json)) {
            StatusTable.of(instances, isWide: wide).lines(isCut: !noTrunc)
        }
        writeLines(lines, to: .standardOutput)
    }
}
