import JSON
import Linux
import Testing

/// The container's first process is killed before it has executed anything, at one system call after the other.
@Suite(
    "A first process killed at any point", .enabled(if: OCIRuntime.isOwn && Strace.isUsable, "\(Strace.reason)"))
struct KilledInitTests {
    private static let sentence = "the container's first process ended before it ran the command"

    @Test(arguments: [false, true]) func isAnErrorOfCreateWhichLeavesNothing(inUserNamespace: Bool) throws {
        let container = try Container { if inUserNamespace { $0.mapUsers() } }
        if inUserNamespace { try makeOwned(container) }
        try container.writeConfig()
        let points = try pointsOfCreation(container)
        try #require(points.count > 5)
        for point in Strace.selected(points, about: 30) {
            let outcome = try Strace.program.run(
                ["-f"] + Strace.killing(at: point) + [OCIRuntime.path] + container.arguments("create"))
            outcome.expectSentence(Self.sentence)
            try container.expectNothing("\(point)")
        }
    }

    /// The rootfs belongs to the container's root.
    private func makeOwned(_ container: Container) throws {
        _ = try Program.shell.run(
            ["-c", "find '\(container.rootfs)' ! -name busybox -exec chown -h 100000:100000 {} +"])
    }

    /// The points of the init stage at calls that its parent never makes: both are traced, and both would be killed.
    private func pointsOfCreation(_ container: Container) throws -> [SystemCallPoint] {
        let file = "\(container.directory.path)/all-calls"
        let tracer = try Strace.program.start(["-f", "-o", file, OCIRuntime.path] + container.arguments("create"))
        let isCreated = try eventually { try container.runtime("state", container.id).output.contains("created\"") }
        #expect(isCreated)
        let deletion = ["--root", container.stateRoot, "delete", "--force", container.id]
        var own = Set(try Strace.points(of: OCIRuntime.path, deletion, in: container.directory).map(\.name))
        _ = try tracer.finish()
        var calls: [Substring: [Substring]] = [:]
        var parent: Substring?
        for line in try readText(file).split(separator: "\n") {
            let process = line.prefix { $0.isNumber }
            parent = parent ?? process
            calls[process, default: []].append(line.dropFirst(process.count).drop { $0 == " " })
        }
        own.formUnion(Strace.points(parent.flatMap { calls[$0] } ?? []).map(\.name))
        return calls.filter { $0.key != parent }.values.flatMap { Strace.points($0) }.filter { !own.contains($0.name) }
    }

    @Test func isAnErrorOfStartAfterWhichTheContainerIsStopped() throws {
        let container = try Container("sleep 1000")
        let points = try pointsOfStart(container)
        try #require(!points.isEmpty)
        for point in Strace.selected(points, about: 12) {
            #expect(try container.create().succeeded)
            let tracer = try attach(to: container, ["-o", "/dev/null"] + Strace.killing(at: point).dropFirst(2))
            try container.start().expectSentence(Self.sentence)
            _ = try tracer.finish()
            #expect(try container.status() == "stopped", "\(point)")
            try container.expectCleanDeletion("\(point)")
        }
    }

    /// What the init stage does from the start up to the mark that it executes the payload now.
    private func pointsOfStart(_ container: Container) throws -> [SystemCallPoint] {
        let file = "\(container.directory.path)/calls"
        #expect(try container.create().succeeded)
        let tracer = try attach(to: container, ["-o", file])
        #expect(try container.start().succeeded)
        try container.expectCleanDeletion("to its end")
        _ = try tracer.finish()
        let points = Strace.points(try readText(file).split(separator: "\n"))
        // At the first of them, the call that is interrupted, the kill would come with the attachment.
        return Array(points.prefix { $0.name != "write" }.dropFirst())
    }

    private func attach(to container: Container, _ options: [String]) throws -> RunningProgram {
        let process = try container.processID()
        let tracer = try Strace.program.start(options + ["-p", "\(process)"])
        #expect(
            try eventually {
                let status = try readText("/proc/\(process)/status")
                return !status.contains("TracerPid:\t0\n")
            })
        return tracer
    }
}
