import Linux
import Testing

@Suite("gocker-compose export SERVICE", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ExportServiceTests {
    private static let yaml = """
        services:
          app:
            rootfs: rootfs
            command: [sh, -c, "echo $$(hostname) > /made; rm /etc/group; ln /made /again; touch /up; while :; do sleep 1; done"]
            stop_signal: KILL
            volumes: [data:/etc/data]
            x-gocker: {ready: {file: /up}}
          swarm: {rootfs: rootfs, command: [sleep, "1000"], stop_signal: KILL}
        volumes: {data: {}}
        """

    /// What tar(1) says of an archive.
    private func tar(_ options: String, _ archive: String, _ names: String...) throws -> Program.Outcome {
        try Program(path: "/bin/tar").run([options, archive] + names)
    }

    @Test func hasWhatTheServiceHasChangedAndNotWhatIsMounted() throws {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d", "--wait").exitCode == 0)
        let archive = "\(stack.directory.path)/app.tar"
        for isRunning in [true, false] {
            let outcome = try stack.compose("export", "-o", archive, "app")
            #expect(outcome.exitCode == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
            let names = try tar("-tf", archive)
            #expect(names.errors.isEmpty)
            #expect(names.lines.contains("bin/busybox") && names.lines.contains("proc/"))
            #expect(!names.lines.contains("etc/group"))
            #expect(!names.lines.contains { $0.hasPrefix("proc/") && $0 != "proc/" })
            #expect(!names.lines.contains { $0.hasPrefix("etc/data/") && $0 != "etc/data/" })
            #expect(try tar("-xOf", archive, "again").output == "app\n")
            #expect(try tar("-tvf", archive).lines.contains { $0.hasPrefix("h") && $0.contains("made link to again") })
            if isRunning { #expect(try stack.compose("stop").exitCode == 0) }
        }
        #expect(try FileStatus.of(archive).mode == 0o600)
        // The project's own directory, in which the program was in between, is still the working directory.
        #expect(try directoryEntries(stack.directory.path).contains("app.tar"))
    }

    @Test func anInstanceByItsNumberAndToStandardOutput() throws {
        let stack = try StackFixture(
            "services: {a: {rootfs: rootfs, command: [sh, -c, \"hostname > /made; sleep 1000\"], scale: 2, stop_signal: KILL}}"
        )
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("exec", "--index", "2", "a", "sh", "-c", "echo second > /made").exitCode == 0)
        let outcome = try stack.atTerminal("$COMPOSE export --index=2 a | tar -xO made; $COMPOSE export a")
        #expect(outcome.output.hasPrefix("second\n"), "\(outcome)")
        #expect(outcome.output.contains("standard output is a terminal"))
        let missing = try stack.compose("export", "--index", "3", "a")
        #expect(missing.exitCode == 1 && missing.errors.contains("a has no instance 3"), "\(missing)")
    }

    @Test func aServiceThatIsCalledAsAnEngineIs() throws {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let archive = "\(stack.directory.path)/out.tar"
        #expect(try stack.compose("export", "service", "-o", archive, "swarm").exitCode == 0)
        #expect(try tar("-tf", archive).lines.contains("bin/busybox"))
        let other = try stack.compose("export", "-o", archive, "swam")
        #expect(other.exitCode == 1 && other.errors.contains("did you mean \"swarm\"?"), "\(other)")
    }

    @Test func anEngineThatIsMisspelledOrNamedLateIsNoService() throws {
        let stack = try StackFixture("services: {app: {rootfs: rootfs, command: \"true\"}}")
        for (outcome, engine) in [
            (try stack.compose("export", "kuberntes"), "kubernetes"),
            (try stack.compose("export", "-o", "deploy", "swarm"), "swarm"),
        ] {
            #expect(outcome.exitCode == 1)
            #expect(outcome.errors.contains("did you mean \"gocker-compose export \(engine) …\"?"), "\(outcome.errors)")
        }
        let nothing = try stack.compose("export")
        #expect(nothing.exitCode != 0)
        #expect(nothing.errors.contains("swarm or kubernetes"), "\(nothing.errors)")
    }

    @Test func anArchiveThatCannotBeWrittenLeavesNothing() throws {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let outcome = try stack.compose("export", "-o", "\(stack.directory.path)/none/out.tar", "app")
        #expect(outcome.exitCode == 1 && outcome.errors.contains("cannot write"), "\(outcome)")
        #expect(
            try stack.compose("--dry-run", "export", "-o", "\(stack.directory.path)/x", "app").output.contains("app-1"))
        #expect(!(try directoryEntries(stack.directory.path).contains("x")))
    }
}
