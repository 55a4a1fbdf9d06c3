internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose attach`: a service's own input and outputs.
struct AttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Connect the terminal to a service's first process.",
        discussion: """
            What the service prints from now on is shown. One with stdin_open in the stack file is typed to; one with \
            tty as well has a terminal, which is connected to yours: there, the detach keys leave it alone again. \
            Elsewhere Ctrl-C is for the service, or, with --sig-proxy=false, leaves it alone. The service goes on in \
            either case, also without its supervisor.

            EXAMPLES:
              gocker-compose attach console
              gocker-compose attach --no-stdin web     look only

            EXIT CODE: the service's own, where it ended; 0 where you left it; 130 for Ctrl-C with --sig-proxy=false.
            """
    )

    @OptionGroup var options: StackOptions

    @Option(help: ArgumentHelp("The instance (default: the first that runs).", valueName: "n"))
    var index: Int?

    @Flag(help: "Type nothing to it.")
    var noStdin = false

    @Option(help: ArgumentHelp("The keys that leave the service alone.", valueName: "keys"))
    var detachKeys = DetachKeys.standard

    @Option(help: ArgumentHelp("Whether signals are passed on.", valueName: "true|false"))
    var sigProxy = true

    @Argument(help: "The service.", completion: .services)
    var service: String

    func run() throws {
        guard let keys = DetachKeys(detachKeys) else {
            throw Failure("--detach-keys \(detachKeys): expected keys such as a or ctrl-p, with commas in between")
        }
        let directory = options.directory(of: try options.project())
        do {
            let instance = try RunningStack(directory).runningInstance(of: service, index: index)
            var attach = RunningInstance.AttachOptions()
            attach.detachKeys = noStdin ? nil : keys
            attach.passesSignals = sigProxy
            let printed = try Poller()
            let output = try instance.hasTerminal ? nil : AttachedOutput(directory, instance.name, printed)
            let end = try instance.attach(attach, printed: printed) { try output?.printNew() }
            switch end {
            case .left: return
            case .interrupted: throw ExitCode(130)
            case .ended(let status):
                // An end that nobody saw counts as a failure.
                throw ExitCode(status?.shellCode ?? 1)
            }
        } catch let failure as ExecutionFailure {
            throw tell(failure)
        }
    }
}
