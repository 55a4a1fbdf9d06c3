import JSON
import Linux
import Testing

/// A bundle with a root file system of busybox, the directory of a runtime, and the one container that both are for.
/// Whatever the runtime leaves behind is taken away at the end.
final class Container {
    let id: String
    let directory: TemporaryDirectory
    var config: Configuration
    /// The program that made the container: what the payload prints, it has printed.
    private var creator: RunningProgram?

    var bundle: String { "\(directory.path)/bundle" }
    var rootfs: String { "\(bundle)/rootfs" }
    var stateRoot: String { "\(directory.path)/state" }
    var cgroupName: String { "gocker-oci-\(id)" }

    /// - Parameters:
    ///   - script: what the payload is, for the container's shell.
    ///   - change: what is different from the standard configuration.
    init(_ script: String = "sleep 1000", _ change: (inout Configuration) throws -> Void = { _ in }) throws {
        id = "c\(try TestFiles.randomName())"
        directory = try TemporaryDirectory()
        config = .standard(script: script, cgroup: "/gocker-oci-\(id)")
        try makeDirectory("\(directory.path)/bundle")
        try makeDirectory("\(directory.path)/state", mode: 0o700)
        try Rootfs.make(at: "\(directory.path)/bundle/rootfs")
        try change(&config)
    }

    deinit {
        if !((try? directoryEntries(stateRoot)) ?? []).isEmpty {
            _ = try? runtime("delete", "--force", id)
        }
        Cgroups.remove(named: cgroupName)
    }

    // MARK: Commands

    /// Writes `config.json`. The commands that make a container do this themselves.
    func writeConfig() throws {
        try directory.write("bundle/config.json", JSONWriter.pretty(config.json))
    }

    /// Runs a command of the runtime, with its directory.
    @discardableResult
    func runtime(
        _ arguments: String..., with surroundings: Program.Surroundings = Program.Surroundings()
    ) throws -> Program.Outcome {
        try OCIRuntime.program.run(["--root", stateRoot] + arguments, surroundings)
    }

    func run(
        _ options: String..., with surroundings: Program.Surroundings = Program.Surroundings()
    ) throws -> Program.Outcome {
        try make("run", options, surroundings)
    }

    func create(
        _ options: String..., with surroundings: Program.Surroundings = Program.Surroundings()
    ) throws -> Program.Outcome {
        try make("create", options, surroundings)
    }

    private func make(
        _ verb: String, _ options: [String], _ surroundings: Program.Surroundings
    ) throws -> Program.Outcome {
        try writeConfig()
        let running = try OCIRuntime.program.start(
            ["--root", stateRoot, verb, "--bundle", bundle] + options + [id], surroundings)
        creator = running
        return try running.finish(timeout: surroundings.timeout)
    }

    func start() throws -> Program.Outcome { try runtime("start", id) }

    /// Runs a script in the running container.
    func exec(_ options: String..., script: String) throws -> Program.Outcome {
        try OCIRuntime.program.run(["--root", stateRoot, "exec"] + options + [id, "/bin/sh", "-c", script])
    }

    /// Runs a command line that calls the runtime, on the host: `$RUNTIME`, `$ROOT`, `$BUNDLE`, `$ID` are there for it.
    func onHost(_ script: String, with surroundings: Program.Surroundings = Program.Surroundings()) throws
        -> Program.Outcome
    {
        try writeConfig()
        var surroundings = surroundings
        surroundings.environment += [
            "RUNTIME=\(OCIRuntime.path)", "ROOT=\(stateRoot)", "BUNDLE=\(bundle)", "ID=\(id)",
            "DIRECTORY=\(directory.path)",
        ]
        let running = try Program.shell.start(["-c", script], surroundings)
        creator = running
        return try running.finish(timeout: surroundings.timeout)
    }

    // MARK: What is known of it

    var output: String { creator?.output ?? "" }

    func state() throws -> JSONValue {
        let outcome = try runtime("state", id)
        try #require(outcome.succeeded, "state: \(outcome.report)")
        return try JSONValue.read(outcome.output)
    }

    func status() throws -> String? { try state()["status"]?.text }

    func processID() throws -> Int32 {
        Int32(try #require(try state()["pid"]?.number))
    }

    func waitUntil(_ status: String) throws -> Bool {
        try eventually { try self.status() == status }
    }

    /// Whether anything of the container is left: its entry below the runtime's directory, its cgroups, its mounts.
    func leftovers() throws -> [String] {
        let entries = try directoryEntries(stateRoot).filter { $0 == id }
        return entries + Cgroups.directories(named: cgroupName) + Mounts.below(directory.path)
    }
}

extension Container {
    /// Runs `script` in a container, which must succeed, and gives the lines it printed.
    static func lines(
        _ script: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout Configuration) throws -> Void = { _ in }
    ) throws -> [String] {
        let outcome = try Container(script, change).run()
        try #require(outcome.succeeded, "\(outcome.report)", sourceLocation: sourceLocation)
        return outcome.lines
    }

    /// A container that runs already.
    static func running(
        _ script: String = "sleep 1000", sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout Configuration) throws -> Void = { _ in }
    ) throws -> Container {
        let container = try Container(script, change)
        let created = try container.create()
        try #require(created.succeeded, "create: \(created.report)", sourceLocation: sourceLocation)
        let started = try container.start()
        try #require(started.succeeded, "start: \(started.report)", sourceLocation: sourceLocation)
        return container
    }
}
