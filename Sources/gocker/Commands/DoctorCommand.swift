internal import JSON
internal import Linux
internal import Manual
internal import Runtime

/// `gocker doctor`: what this host offers and lacks.
enum DoctorCommand {
    private struct Options {
        var isJSON = false
        var wantsHelp = false

        static var table: [Option<Options>] {
            [
                .value(
                    "-f", "--format", valueName: "text|json", help: "What to print (default: text).",
                    expected: "text or json"
                ) {
                    ["text", "json"].contains($0) ? $0 == "json" : nil
                } apply: {
                    $0.isJSON = $1
                },
                .flag("-h", "--help", help: "Print this.") { $0.wantsHelp = true },
            ]
        }
    }

    static func run(_ words: [String]) throws -> Int32 {
        var options = Options()
        let rest = try OptionParser(options: Options.table).parse(words, into: &options)
        guard !options.wantsHelp else {
            writeLine(help, to: .standardOutput)
            return 0
        }
        guard rest.isEmpty else { throw UsageError("doctor: takes no \"\(rest[0])\"") }
        let diagnosis = Diagnosis.ofThisHost(dataDirectory: environmentVariable("GOCKER_DATA_DIR") ?? "/var/lib/gocker")
        if options.isJSON {
            printText(JSONWriter.pretty(diagnosis.json))
        } else {
            let page = DiagnosisPage(diagnosis, isColoured: OutputStream.standardOutput.isColoured)
            writeLine(page.text, to: .standardOutput)
        }
        return diagnosis.canRun ? 0 : 1
    }

    private static var help: String { HelpPage.text(page, width: 100) }

    static var page: CommandPage {
        CommandPage(
            "gocker doctor", abstract: "Tell what this host offers and lacks.",
            discussion: """
                What a lack costs, and how to get it. Nothing is changed.

                EXAMPLES:
                  gocker doctor
                  gocker doctor --format json

                EXIT CODE: 0 where gocker run can work here, for whoever asks; 1 where something that it cannot do \
                without is missing; 125 for an error of gocker's.
                """,
            options: Options.table.map(\.page))
    }
}
