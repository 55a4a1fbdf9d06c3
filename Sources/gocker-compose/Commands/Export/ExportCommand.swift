internal import ArgumentParser

/// `gocker-compose export`: a service's files as an archive, or the stack in another engine's words.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a service's files as an archive, or the stack for another engine.",
        discussion: """
            With the name of a service its root file system is written as a tar archive, with what the service has \
            changed in it and without what is mounted there. With the name of an engine the stack is written in that \
            engine's words: for more than one machine.

            EXAMPLES:
              gocker-compose export -o web.tar web
              gocker-compose export swarm -o deploy/
              gocker-compose export kubernetes -o deploy/
              gocker-compose export service swarm        where a service is called so
            """,
        subcommands: [ExportServiceCommand.self, ExportSwarmCommand.self, ExportKubernetesCommand.self],
        defaultSubcommand: ExportServiceCommand.self
    )
}
