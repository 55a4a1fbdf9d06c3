internal import ArgumentParser
internal import Compose

/// What `up` in the foreground can be told.
struct AttachmentOptions: ParsableArguments {
    @Flag(help: "Stop everything once an instance has ended.")
    var abortOnContainerExit = false

    @Flag(help: "Stop everything once an instance has failed.")
    var abortOnContainerFailure = false

    @Option(
        help: ArgumentHelp(
            "End as this service does, once it has. Implies --abort-on-container-exit.", valueName: "service"),
        completion: .services)
    var exitCodeFrom: String?

    @Option(
        help: ArgumentHelp("Show what this service prints, and no other's. Repeatable.", valueName: "service"),
        completion: .services)
    var attach: [String] = []

    @Option(
        help: ArgumentHelp("Do not show what this service prints. Repeatable.", valueName: "service"),
        completion: .services)
    var noAttach: [String] = []

    @Flag(help: "Also show what the services print that the named ones depend on.")
    var attachDependencies = false

    @Flag(help: "Do not say which instance a line is from.")
    var noLogPrefix = false

    @Flag(help: "No colours.")
    var noColor = false

    @Flag(help: "Show when each line was printed.")
    var timestamps = false

    @Flag(inversion: .prefixedNo, help: ArgumentHelp(visibility: .hidden))
    var menu = false

    mutating func validate() throws {
        if !attach.isEmpty, attachDependencies {
            throw ValidationError("--attach and --attach-dependencies exclude each other")
        }
        if abortOnContainerExit || exitCodeFrom != nil, abortOnContainerFailure {
            throw ValidationError("--abort-on-container-exit and --abort-on-container-failure exclude each other")
        }
    }

    /// How lines look.
    var style: LogPrinter.Style {
        var style = LogPrinter.Style()
        style.isColoured = OutputStream.standardOutput.isColoured && !noColor
        style.showsNames = !noLogPrefix
        style.showsTimes = timestamps
        return style
    }

    /// One that only makes sense in the foreground.
    var firstGiven: String? {
        if abortOnContainerExit { return "--abort-on-container-exit" }
        if abortOnContainerFailure { return "--abort-on-container-failure" }
        if exitCodeFrom != nil { return "--exit-code-from" }
        if !attach.isEmpty { return "--attach" }
        if attachDependencies { return "--attach-dependencies" }
        return nil
    }

    /// - Throws: `Failure` where a service is not in the stack.
    func check(_ stack: Stack) throws {
        for name in attach + noAttach + [exitCodeFrom].compactMap({ $0 }) {
            guard stack.service(named: name) == nil else { continue }
            let known = stack.allServices.map(\.name.text)
            let meant = NearestName.find(name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
            throw Failure("no service \"\(name)\" in this stack\(meant)")
        }
    }

    /// The services whose output is shown.
    func attached(_ stack: Stack, named: [ServiceName], selected: [String]) -> Set<String> {
        var shown: Set<String>
        if !attach.isEmpty {
            shown = Set(attach)
        } else if !named.isEmpty {
            shown = attachDependencies ? Set(selected) : Set(named.map(\.text))
        } else {
            // Those that say so themselves are shown only where somebody names them.
            shown = Set(stack.allServices.filter(\.isAttached).map(\.name.text))
        }
        return shown.subtracting(noAttach)
    }
}
