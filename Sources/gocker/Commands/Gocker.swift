internal import Linux
internal import Manual

/// `gocker`: one container at a time.
enum Gocker {
    /// Reads the command line, does what it says, and returns the exit code.
    static func run(_ words: [String]) -> Int32 {
        do {
            return try dispatch(words)
        } catch let failure as Failure {
            writeLine("gocker: \(failure.message)", to: .standardError)
            return failure.exitCode
        } catch let error as UsageError {
            writeLine("gocker: \(error.message)\nSee \"gocker --help\".", to: .standardError)
            return Failure.ownCode
        } catch {
            writeLine("gocker: \(error)", to: .standardError)
            return Failure.ownCode
        }
    }

    private static func dispatch(_ words: [String]) throws -> Int32 {
        // Whoever runs containers runs anything: a set-user-id bit would give that to everybody.
        guard realUserID == effectiveUserID else { throw Failure("refusing to run with a set-user-id bit") }
        // The quick way for what is started most.
        if words.first == "run", !isAboutBundle(Array(words.dropFirst())) {
            return try RunCommand.run(Array(words.dropFirst()))
        }
        var options = GlobalOptions()
        let rest = try OptionParser(options: GlobalOptions.table).parse(words, into: &options)
        if options.wantsVersion || rest.first == "version" {
            writeLine(Version.text, to: .standardOutput)
            return 0
        }
        if options.wantsHelp || rest.first == "help" {
            writeLine(help, to: .standardOutput)
            return 0
        }
        guard let verb = rest.first else {
            writeLine(help, to: .standardError)
            return Failure.ownCode
        }
        let operands = Array(rest.dropFirst())
        switch verb {
        case "__complete", "completion", "man": return try ManualCommands.run(verb, operands)
        case "doctor": return try DoctorCommand.run(operands)
        case "rootfs": return try RootfsCommand.run(operands)
        case "run" where !isAboutBundle(operands):
            try options.checkForCommand()
            return try RunCommand.run(operands)
        default: return try ContainerCommands.run(verb, operands, options)
        }
    }

    private static func isAboutBundle(_ words: [String]) -> Bool {
        RunBundleCommand.isMeant(by: words) { (try? FileStatus.of("config.json")) != nil }
    }

    private static var help: String { HelpPage.text(page, width: 100) }

    /// What the help, the man pages and the completion are made of.
    static var page: CommandPage {
        CommandPage(
            "gocker", abstract: "Run a process in a world of its own.",
            discussion: """
                Options of the program stand before the command.

                EXAMPLES:
                  gocker rootfs create rootfs        make a root file system
                  gocker run /bin/sh                 a shell that is PID 1
                  gocker run --help                  all that run can be told
                """,
            options: GlobalOptions.table.map(\.page),
            groups: [
                .init("COMMANDS", [RunCommand.page, RootfsCommand.page, DoctorCommand.page] + ManualCommands.pages),
                .init("CONTAINERS OF BUNDLES, AS AN OCI RUNTIME", ContainerCommands.pages),
            ])
    }
}
