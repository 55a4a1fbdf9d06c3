internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose check`: everything that is wrong with a stack file, and what is right but risky.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell everything that is wrong or risky in a stack file.",
        discussion: """
            What "up" would refuse is an error. What it would do and you may not want is a warning: no limits, too many \
            rights, images that change by themselves.

            EXAMPLES:
              gocker-compose check                            for people
              gocker-compose check --format json              for editors
              gocker-compose check --format sarif > a.sarif   for code hosts

            EXIT CODES: 0 no problem; 1 a problem, with --strict also a warning.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif
    }

    @OptionGroup var options: StackOptions

    @Option(help: "text, json or sarif.")
    var format: Format = .text

    @Argument(help: ArgumentHelp("The stack file, or services.", valueName: "stack or service"))
    var words: [String] = []

    func run() throws {
        var request = try options.request(words: words, purpose: .run)
        request.isLinted = true
        let diagnostics = StackLoader(host: SystemHost()).load(request).diagnostics
        switch format {
        case .text:
            let renderer = DiagnosticRenderer(colour: OutputStream.standardOutput.isColoured)
            writeBytes(renderer.render(diagnostics).utf8, to: .standardOutput)
            writeLine(Self.summary(diagnostics), to: .standardError)
        case .json: writeBytes(DiagnosticRecords.json(diagnostics).utf8, to: .standardOutput)
        case .sarif:
            let text = DiagnosticRecords.sarif(diagnostics, toolVersion: Version.current)
            writeBytes(text.utf8, to: .standardOutput)
        }
        if diagnostics.contains(where: { $0.severity == .error || options.strict }) { throw ExitCode(1) }
    }

    private static func summary(_ diagnostics: [Diagnostic]) -> String {
        func count(_ severity: Diagnostic.Severity, _ word: String) -> String? {
            let number = diagnostics.filter { $0.severity == severity }.count
            return number == 0 ? nil : "\(number) \(word)\(number == 1 ? "" : "s")"
        }
        let counts = [count(.error, "problem"), count(.warning, "warning")].compactMap { $0 }
        return counts.isEmpty ? "no problems" : counts.joined(separator: ", ")
    }
}
