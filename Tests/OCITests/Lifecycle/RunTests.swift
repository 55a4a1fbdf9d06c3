import JSON
import Linux
import Testing

@Suite("run", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct RunTests {
    @Test(arguments: [("exit 0", 0), ("exit 42", 42), ("kill -KILL $$", 137), ("exec true", 0)])
    func endsWithTheCodeOfThePayload(script: String, code: Int32) throws {
        // The first process of a PID namespace cannot kill itself.
        let container = try Container(script) { $0.remove(from: "linux.namespaces", where: "type", is: "pid") }
        #expect(try container.run().exitCode == code)
    }

    @Test func passesTheStandardStreams() throws {
        let container = try Container("cat; echo errors >&2")
        let outcome = try container.run(with: .init(input: "typed\n"))
        #expect(outcome.output == "typed\n")
        #expect(outcome.errors == "errors\n")
    }

    @Test func takesEverythingAwayAtTheEnd() throws {
        let container = try Container("exit 3")
        #expect(try container.run().exitCode == 3)
        #expect(try container.leftovers() == [])
    }

    @Test func inTheBackgroundReturnsAtOnce() throws {
        let container = try Container("echo up; sleep 1000")
        #expect(try container.run("--detach").succeeded)
        #expect(try container.status() == "running")
        #expect(try eventually { container.output == "up\n" })
    }

    /// The container ends with the signal that its supervisor sends to the runtime.
    @Test func passesSignalsOn() throws {
        let container = try Container("trap 'echo TERM; exit 9' TERM; echo up; while :; do sleep 0.01; done")
        try container.writeConfig()
        let running = try OCIRuntime.program.start(
            ["--root", container.stateRoot, "run", "--bundle", container.bundle, container.id])
        #expect(try eventually { running.output == "up\n" })
        try running.process.send(.terminate)
        let outcome = try running.finish()
        #expect(outcome.exitCode == 9)
        #expect(outcome.output == "up\nTERM\n")
    }
}
