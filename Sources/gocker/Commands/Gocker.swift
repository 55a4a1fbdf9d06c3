internal import Linux

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
        case "doctor": return try DoctorCommand.run(operands)
        case "rootfs": return try RootfsCommand.run(operands)
        case "run" where !isAboutBundle(operands): return try RunCommand.run(operands)
        default: return try ContainerCommands.run(verb, operands, options)
        }
    }

    private static func isAboutBundle(_ words: [String]) -> Bool {
        RunBundleCommand.isMeant(by: words) { (try? FileStatus.of("config.json")) != nil }
    }

    private static var help: String {
        """
        Run a process in a world of its own.

        USAGE: gocker <command> [options] …

        COMMANDS:
        \(HelpText.row("run", "Run a command in new namespaces on a root file system of its own."))
        \(HelpText.row("rootfs create|import", "Make a root file system from busybox or from an archive."))
        \(HelpText.row("doctor", "Tell what this host offers and lacks."))
        \(HelpText.row("version", "Print the version."))

        CONTAINERS OF BUNDLES, as an OCI runtime:
        \(ContainerCommands.list)

        OPTIONS, before the command:
        \(HelpText.list(GlobalOptions.table))

        EXAMPLES:
          gocker rootfs create rootfs        make a root file system
          gocker run /bin/sh                 a shell that is PID 1
          gocker run --help                  all that run can be told
        """
    }
}
