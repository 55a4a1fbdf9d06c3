internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose supervise`: what a stack's unit runs.
struct SuperviseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise",
        abstract: "Supervise a stack in this process, for systemd and other inits.",
        discussion: """
            Brings the stack up and stays until it is stopped: by TERM or INT, which stop it in order, or by \
            "gocker-compose down". Tells systemd when the stack is up (Type=notify), that it is alive (WatchdogSec=), and \
            lets it keep handles of the services (FileDescriptorStoreMax=), so that after a crash it is known how those \
            ended that ended meanwhile. What an earlier supervisor has left running goes on.

            EXAMPLES:
              gocker-compose supervise stack.yaml
              gocker-compose install-unit            writes a unit that does this at boot

            EXIT CODE: 0 where the stack was stopped or is done; 1 where it could not be supervised.
            """
    )

    @OptionGroup var options: StackOptions

    @OptionGroup var up: UpOptions

    @Argument(help: "The stack file.")
    var stack: String?

    func run() throws {
        try options.refuseDryRun("supervise")
        var preparation = try UpPreparation(options, up, words: [stack].compactMap { $0 })
        preparation.request.resumes = true
        do {
            guard let supervisor = try Supervisor(preparation.directory) else {
                throw Failure("\(preparation.stack.name) has a supervisor already; stop it with: gocker-compose stop")
            }
            try supervisor.up(preparation.request)
            _ = try supervisor.run()
        } catch let error as SystemError {
            throw Failure("\(error)")
        }
    }
}
