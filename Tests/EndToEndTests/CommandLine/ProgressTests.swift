import JSON
import Linux
import Testing

@Suite("Progress of gocker-compose", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ProgressTests {
    @Test func jsonIsAnObjectALineOnStandardError() throws {
        let stack = try StackFixture(UpDownTests.steady)
        let up = try stack.compose("up", "-d", "--progress", "json")
        #expect(up.output == "")
        let records = try up.errors.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) }
        for instance in ["a-1", "b-1"] {
            let last = records.last { $0["id"] == .string(instance) }
            #expect(last?["text"] == "started")
            #expect(last?["status"] == "Done")
            #expect(last?["verb"] == "up")
        }
        let refused = try stack.compose("ps", "nobody", "--progress", "json")
        #expect(refused.exitCode == 1)
        #expect(try JSONReader.read(Array(refused.errors.utf8))["error"] == true)
    }

    @Test func quietSaysNothingOfWhatGoesWell() throws {
        let stack = try StackFixture(UpDownTests.steady)
        #expect(try stack.compose("up", "-d", "--progress", "quiet").errors == "")
        let down = try Program.compose.run(
            ["-f", stack.file, "-p", stack.project, "down"], environment: stack.environment + ["COMPOSE_PROGRESS=quiet"]
        )
        #expect(!down.errors.contains("stopped"))
    }

    @Test func coloursAndPicturesCanBeForbiddenAndAskedFor() throws {
        let stack = try StackFixture(UpDownTests.steady)
        #expect(try !stack.compose("up", "-d").errors.contains("\u{1B}"))
        #expect(try stack.compose("up", "-d", "--ansi", "always").errors.contains("\u{1B}[32m✔"))
        let painted = try stack.compose("down", "--progress", "tty").errors
        #expect(painted.contains("[+] down 2/2"))
        #expect(painted.contains("\u{1B}["))
    }

    /// What a terminal of 60 columns shows of a shell script.
    private func atTerminal(_ stack: StackFixture, _ script: String) throws -> String {
        let file = try stack.directory.write("script", "stty cols 60 rows 20\n\(script)")
        let compose = "\(Program.compose.path) -f \(stack.file) -p \(stack.project)"
        let outcome = try Program(path: "/usr/bin/script").run(
            ["-qec", "sh \(file)", "/dev/null"],
            environment: stack.environment + ["COMPOSE=\(compose)", "SHELL=/bin/sh", "TERM=xterm"],
            timeout: .seconds(60))
        return String(outcome.output.unicodeScalars.filter { $0 != "\r" })
    }

    private static let hasScript = (try? FileStatus.of("/usr/bin/script")) != nil

    @Test(.enabled(if: hasScript, "a terminal to test with needs script(1)"))
    func aTerminalShowsAPictureAndIsLeftAsItWas() throws {
        let stack = try StackFixture(UpDownTests.steady)
        let shown = try atTerminal(
            stack,
            """
            before=$(stty -g)
            $COMPOSE up -d; echo after up
            NO_COLOR=1 $COMPOSE down; echo after down
            [ "$(stty -g)" = "$before" ] && echo restored
            """)
        #expect(shown.contains("[+] up \u{1B}[32m2/2\u{1B}[0m"))
        #expect(shown.contains("\u{1B}[32m✔\u{1B}[0m a-1  started"))
        #expect(shown.contains("[+] down 2/2"))
        #expect(shown.contains("after up\n"))
        #expect(shown.contains("restored\n"))
        // It never hides the cursor, so that nobody has to show it again.
        #expect(!shown.contains("\u{1B}[?25l"))
    }

    @Test(.enabled(if: hasScript, "a terminal to test with needs script(1)"))
    func aDumbTerminalGetsLines() throws {
        let stack = try StackFixture(UpDownTests.steady)
        let shown = try atTerminal(stack, "TERM=dumb $COMPOSE up -d; $COMPOSE --ansi never down")
        #expect(shown.contains("a-1  started\n"))
        #expect(shown.contains("a-1  stopped\n"))
        #expect(!shown.contains("\u{1B}"))
    }

    @Test(.enabled(if: hasScript, "a terminal to test with needs script(1)"))
    func thePictureEndsBeforeServicesAreHeard() throws {
        let stack = try StackFixture(
            """
            services:
              a: {rootfs: rootfs, command: [sh, -c, "echo one; echo two; echo three"]}
            """)
        let shown = try atTerminal(stack, "NO_COLOR=1 $COMPOSE up; echo over")
        let lines = shown.split(separator: "\n").map(String.init)
        let first = try #require(lines.firstIndex { $0.contains("a-1  | one") })
        #expect(!lines[first...].contains { $0.contains("\u{1B}[1A") || $0.contains("[+]") })
        #expect(lines.filter { $0.contains("a-1  | ") }.count == 3)
        #expect(lines.last == "over")
    }
}
