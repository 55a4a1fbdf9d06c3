import Linux

/// Runs scripts at a terminal, by means of script(1).
enum AtTerminal {
    static let isUsable = (try? FileStatus.of("/usr/bin/script")) != nil

    /// Runs a shell script on the host on a terminal of its own, and gives what that showed. `$DIRECTORY` is a directory
    /// for it.
    static func run(_ script: String, environment: [String]) throws -> Program.Outcome {
        let directory = try TemporaryDirectory()
        let file = try directory.write("script", script)
        let outcome = try Program(path: "/usr/bin/script").run(
            ["-qec", "sh \(file)", "/dev/null"],
            environment: environment + ["DIRECTORY=\(directory.path)", "SHELL=/bin/sh"], timeout: .seconds(60))
        // The end of script's own input is typed, too, as a NUL, and shows as this somewhere in between.
        let output = String(outcome.output.unicodeScalars.filter { $0 != "\r" }).split(separator: "^@").joined()
        return Program.Outcome(status: outcome.status, output: output, errors: outcome.errors)
    }
}

extension StackFixture {
    /// The same, where `$COMPOSE` is the program with the options for this stack.
    func atTerminal(_ script: String) throws -> Program.Outcome {
        try AtTerminal.run(
            script,
            environment: environment + ["COMPOSE=\(Program.compose.path) -f \(file) -p \(project)"])
    }
}
