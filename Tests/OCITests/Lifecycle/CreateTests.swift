import JSON
import Linux
import Testing

@Suite("create", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct CreateTests {
    /// runtime.md, Lifecycle 2: the program is not run at this time, but by `start`.
    @Test func doesNotRunThePayloadAndStartDoes() throws {
        let container = try Container("echo ran > /ran; sleep 1000")
        #expect(try container.create().succeeded)
        #expect(try container.status() == "created")
        try pause(.milliseconds(100))
        #expect(!exists("\(container.rootfs)/ran"))
        #expect(try container.start().succeeded)
        #expect(try eventually { exists("\(container.rootfs)/ran") })
        #expect(try container.status() == "running")
    }

    /// runtime.md, Lifecycle 2: changes of config.json after create have no effect.
    @Test func readsTheConfigurationOnce() throws {
        let container = try Container("echo first")
        #expect(try container.create().succeeded)
        container.config.script = "echo second"
        try container.writeConfig()
        #expect(try container.start().succeeded)
        #expect(try container.waitUntil("stopped"))
        #expect(container.output == "first\n")
    }

    /// runtime.md, Create: an identifier that is not unique is an error, and no container is created.
    @Test func refusesTheIDOfAnotherContainer() throws {
        let container = try Container.running()
        let process = try container.processID()
        #expect(!(try container.create().succeeded))
        #expect(try container.status() == "running")
        #expect(try container.processID() == process)
    }

    /// runtime.md, Create: unique also where two ask at once.
    @Test func givesOneOfTwoTheSameID() throws {
        let container = try Container()
        try container.writeConfig()
        let arguments = ["--root", container.stateRoot, "create", "--bundle", container.bundle, container.id]
        for _ in 0..<4 {
            let rivals = try (0..<3).map { _ in try OCIRuntime.program.start(arguments) }
            let outcomes = try rivals.map { try $0.finish() }
            #expect(outcomes.filter(\.succeeded).count == 1, "\(outcomes.map(\.report))")
            #expect(try container.status() == "created")
            #expect(exists("/proc/\(try container.processID())"))
            #expect(try container.runtime("delete", "--force", container.id).succeeded)
            #expect(try container.leftovers() == [])
        }
    }

    /// The bundle is the working directory where no other is named.
    @Test func takesTheWorkingDirectoryAsBundle() throws {
        let container = try Container("echo ran")
        let outcome = try container.onHost(#"cd "$BUNDLE" && exec "$RUNTIME" --root "$ROOT" run "$ID""#)
        #expect(outcome.output == "ran\n", "\(outcome.report)")
    }

    /// runtime.md, State: the bundle is absolute, however it was given.
    @Test func takesARelativeBundle() throws {
        let container = try Container()
        let outcome = try container.onHost(
            #"cd "$DIRECTORY" && exec "$RUNTIME" --root "$ROOT" create --bundle bundle "$ID""#)
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(try container.state()["bundle"]?.text == container.bundle)
    }

    /// runtime.md, Create: what cannot be created is an error, and leaves nothing.
    @Test(
        arguments: [
            "no config", "no rootfs", "no bundle", "no executable", "mount source", "rlimit", "sysctl", "joined path",
        ])
    func leavesNothingWhereItFails(cause: String) throws {
        let container = try Container()
        var outcome: Program.Outcome
        switch cause {
        case "no config":
            outcome = try container.runtime("create", "--bundle", container.bundle, container.id)
        case "no bundle":
            outcome = try container.runtime("create", "--bundle", "\(container.directory.path)/none", container.id)
        default:
            switch cause {
            case "no rootfs": container.config["root.path"] = "none"
            case "no executable": container.config["process.args"] = ["/no/such/program"]
            case "mount source": container.config.bind("/no/such/source", on: "/mnt", "rw")
            case "rlimit":
                container.config["process.rlimits"] = [["type": "RLIMIT_NONE", "soft": 1, "hard": 1]]
            case "sysctl": container.config["linux.sysctl"] = .object([("kernel.nothing", "1")])
            default:
                container.config.append(["type": "cgroup", "path": "/no/such/namespace"], to: "linux.namespaces")
            }
            outcome = try container.create()
            if cause == "no executable", outcome.succeeded { outcome = try container.start() }
        }
        #expect(!outcome.succeeded)
        #expect(outcome.errors != "")
        // A runtime that looks for the executable at the start only has a container to delete.
        if cause == "no executable" { _ = try container.runtime("delete", "--force", container.id) }
        _ = try eventually { try container.leftovers() == [] }
        #expect(try container.leftovers() == [])
        #expect(!(try container.runtime("state", container.id).succeeded))
    }

    /// Engines read the pid file when create has returned: it is complete by then.
    @Test(arguments: ["create", "run"]) func writesThePIDFile(verb: String) throws {
        let container = try Container()
        let file = "\(container.directory.path)/pid"
        if verb == "create" {
            #expect(try container.create("--pid-file", file).succeeded)
        } else {
            #expect(try container.run("--detach", "--pid-file", file).succeeded)
        }
        #expect(try readText(file) == String(try container.processID()))
    }

    /// A bundle or an identifier that is missing is an error of the command line.
    @Test(arguments: [["create"], ["start"], ["state"], ["kill"], ["delete"], ["exec"], ["run"], ["pause"], ["update"]])
    func needsAnID(command: [String]) throws {
        let container = try Container()
        let outcome = try OCIRuntime.program.run(["--root", container.stateRoot] + command)
        #expect(!outcome.succeeded)
        #expect(outcome.errors + outcome.output != "")
    }
}
