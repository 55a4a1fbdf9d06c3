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
        let rest = Array(words.dropFirst())
        switch words.first {
        case "run":
            return try RunCommand.run(rest)
        case "rootfs":
            return try RootfsCommand.run(rest)
        case "--version", "version":
            writeLine("gocker \(Version.current)", to: .standardOutput)
            return 0
        case "--help", "-h", "help":
            writeLine(help, to: .standardOutput)
            return 0
        case nil:
            writeLine(help, to: .standardError)
            return Failure.ownCode
        case .some(let word):
            throw UsageError("unknown command \"\(word)\"")
        }
    }

    private static var help: String {
        """
        Run a process in a world of its own.

        USAGE: gocker <command> [options] …

        COMMANDS:
        \(HelpText.row("run", "Run a command in new namespaces on a root file system of its own."))
        \(HelpText.row("rootfs create|import", "Make a root file system from busybox or from an archive."))
        \(HelpText.row("version", "Print the version."))

        EXAMPLES:
          gocker rootfs create rootfs        make a root file system
          gocker run /bin/sh                 a shell that is PID 1
          gocker run --help                  all that run can be told
        """
    }
}
