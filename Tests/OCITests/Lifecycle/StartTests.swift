import JSON
import Linux
import Testing

@Suite("start", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct StartTests {
    /// runtime.md, Start: a container that is not created is not started, and nothing happens to it.
    @Test func isAnErrorForARunningContainer() throws {
        let container = try Container.running("echo ran; sleep 1000")
        #expect(!(try container.start().succeeded))
        #expect(try container.status() == "running")
        #expect(container.output == "ran\n")
    }

    /// runtime.md, Start: nor one that has stopped.
    @Test func isAnErrorForAStoppedContainer() throws {
        let container = try Container.running("echo ran")
        #expect(try container.waitUntil("stopped"))
        #expect(!(try container.start().succeeded))
        #expect(try container.status() == "stopped")
        #expect(container.output == "ran\n")
    }

    /// runtime.md, Start: of two at once one succeeds.
    @Test func succeedsOnceWhereTwoAskAtOnce() throws {
        let container = try Container("echo ran; sleep 1000")
        #expect(try container.create().succeeded)
        let arguments = ["--root", container.stateRoot, "start", container.id]
        let rivals = try (0..<3).map { _ in try OCIRuntime.program.start(arguments) }
        let outcomes = try rivals.map { try $0.finish(timeout: .seconds(5)) }
        #expect(!outcomes.contains { $0.status == .signalled(.kill) }, "one of them waits for ever")
        #expect(outcomes.filter(\.succeeded).count == 1, "\(outcomes.map(\.report))")
        #expect(try eventually { container.output == "ran\n" })
    }

    /// A runtime that is killed between create and start leaves a container that can be started all the same: there is
    /// no process of the runtime to be killed.
    @Test func needsNoOtherProcessOfTheRuntime() throws {
        let container = try Container("echo ran; sleep 1000")
        #expect(try container.create().succeeded)
        let process = try container.processID()
        let status = try readText("/proc/\(process)/status")
        let parent = status.split(separator: "\n").first { $0.hasPrefix("PPid:") }?.split(separator: "\t").last
        let command = try readText("/proc/\(parent ?? "0")/cmdline")
        #expect(!command.contains(container.id))
        #expect(try container.start().succeeded)
    }
}
