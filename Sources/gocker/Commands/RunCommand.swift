internal import Linux
internal import Manual
internal import Runtime

/// `gocker run`: one isolated process.
enum RunCommand {
    static func run(_ words: [String]) throws -> Int32 {
        var options = RunOptions()
        let command = try OptionParser(options: RunOptions.table).parse(words, into: &options)
        guard !options.wantsHelp else {
            writeLine(help, to: .standardOutput)
            return 0
        }
        guard !command.isEmpty else { throw UsageError("run: no command to run, e.g. gocker run /bin/sh") }
        do {
            return try run(command, options)
        } catch let error as RuntimeError {
            throw Failure("\(error)", exitCode: error.exitCode)
        }
    }

    private static func run(_ command: [String], _ options: RunOptions) throws -> Int32 {
        let trace = options.tracesStart ? StartTrace() : nil
        let layout = CgroupLayout.usable()
        let name = try options.containerName()
        let spec = try options.request(command: command, name: name, layout: layout).spec(layout: layout)
        var foreground = options.foreground
        foreground.trace = trace
        let container = try ForegroundContainer(spec, name: name, layout: layout, options: foreground)
        guard !options.isDryRun else {
            writeLine(container.dryRun, to: .standardOutput)
            return 0
        }
        let code = try container.run().shellCode
        if let trace { writeLine(trace.description, to: .standardError) }
        return code
    }

    private static var help: String { HelpPage.text(page, width: 100) }

    static var page: CommandPage {
        CommandPage(
            "gocker run", abstract: "Run a command in new namespaces on a root file system of its own.",
            discussion: """
                The command sees its own processes, host name, IPC, mounts and /proc, and nothing of the host's files. It \
                gets Docker's default capabilities and can gain no more, and a limit on its number of processes. From a \
                terminal it gets a terminal, as with -it.

                EXAMPLES:
                  gocker run /bin/sh
                  gocker run --pids-limit 20 --network none -v ./data:/data:ro /bin/ls /data
                  gocker run --overlay --read-only --user nobody /usr/bin/id
                  gocker run --dry-run /bin/true

                EXIT CODE: the command's own; 128+n where signal n ended it; 125 for an error of gocker's, 126 where the \
                command cannot be executed, 127 where it does not exist.
                """,
            options: RunOptions.table.map(\.page),
            operands: [
                .init("command", help: "A program of the root file system."),
                .init("argument", help: "What it is told.", isOptional: true, isRepeating: true),
            ])
    }
}
