import JSON
import Linux
import Testing

@Suite("gocker doctor")
struct DoctorTests {
    @Test func tellsALineEachAndWhetherContainersCanRun() throws {
        let outcome = try Program.gocker.run("doctor")
        #expect(outcome.errors == "")
        #expect(!outcome.output.contains("\u{1B}"))
        let text = outcome.lines.dropLast().filter { !$0.hasPrefix(" ") }
        #expect(text.allSatisfy { line in ["ok ", "warning ", "missing "].contains { line.hasPrefix($0) } })
        #expect(text.contains { $0.contains(" kernel ") && $0.contains("Linux ") })
        // Every lack has its cost and its remedy below it.
        let lacks = text.filter { !$0.hasPrefix("ok ") }.count
        #expect(outcome.lines.filter { $0.contains(" cost: ") }.count == lacks)
        #expect(outcome.lines.filter { $0.contains(" help: ") }.count == lacks)
        let isGood = outcome.lines.last == "gocker run can work here."
        #expect(outcome.exitCode == (isGood ? 0 : 1))
        #expect(isGood || outcome.lines.last?.hasPrefix("gocker run cannot work here: ") == true)
    }

    @Test(.enabled(if: TestFiles.isRoot, "containers need root"))
    func isRightAboutContainers() throws {
        let runs = try Program.gocker.inside(script: "true").exitCode == 0
        #expect(try Program.gocker.run("doctor").exitCode == (runs ? 0 : 1))
    }

    @Test(arguments: [["--format", "json"], ["-f", "json"], ["--format=json"]])
    func tellsScriptsTheSame(options: [String]) throws {
        let outcome = try Program.gocker.run(["doctor"] + options)
        let document = try JSONReader.read(Array(outcome.output.utf8))
        #expect(document["canRun"] == .boolean(outcome.exitCode == 0))
        guard case .array(let findings)? = document["findings"] else { throw Missing() }
        #expect(findings.count > 10)
        for finding in findings {
            let isGood = finding["verdict"] == .string("ok")
            #expect((finding["cost"] == .null) == isGood)
            #expect((finding["remedy"] == .null) == isGood)
        }
    }

    @Test(.enabled(if: TestFiles.isRoot, "becomes another user"))
    func worksForOrdinaryUsers() throws {
        let script =
            "cp \"$GOCKER\" \"$DIRECTORY/gocker\"; setpriv --reuid=12345 --regid=12345 --clear-groups "
            + "\"$DIRECTORY/gocker\" doctor"
        let directory = try TemporaryDirectory()
        let outcome = try Program.gocker.onHost(script, environment: ["DIRECTORY=\(directory.path)"])
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.contains("user 12345, not root"))
    }

    @Test func changesNothing() throws {
        let directory = try TemporaryDirectory()
        let variables = ["GOCKER_RUN_DIR=\(directory.path)/run", "GOCKER_DATA_DIR=\(directory.path)/data"]
        let outcome = try Program.gocker.run("doctor", environment: variables)
        #expect(outcome.output.contains("\(directory.path)/data"))
        #expect(try directoryEntries(directory.path) == [])
    }

    @Test func saysWhatIsWrongWithItsCommandLine() throws {
        let outcome = try Program.gocker.run("doctor", "--format", "xml")
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors == "gocker: --format \"xml\": expected text or json\nSee \"gocker --help\".\n")
        #expect(try Program.gocker.run("doctor", "now").errors.hasPrefix("gocker: doctor: takes no \"now\"\n"))
        let help = try Program.gocker.run("doctor", "--help")
        #expect(help.output.contains("EXIT CODE: 0 where gocker run can work here"))
        #expect(try Program.gocker.run("--help").output.contains("  doctor    "))
    }

    private struct Missing: Error {}
}
