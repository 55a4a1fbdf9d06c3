import JSON
import Linux
import Testing

/// What is kept of a container and has been damaged since.
@Suite("A container's damaged files", .enabled(if: OCIRuntime.isOwn, "\(OCIRuntime.ownReason)"))
struct DamageTests {
    private func file(_ name: String, of container: Container) -> String {
        "\(container.stateRoot)/\(container.id)/\(name)"
    }

    /// Only force deletes what might run; what its configuration says is enough to find it.
    @Test(arguments: ["", "{", "[]", "{}", #"{"id": 7}"#, "\u{0}\u{0}\u{0}"])
    func aRecordIsAnErrorForAllButDeletionByForce(content: String) throws {
        let container = try Container.running()
        let record = file("state.json", of: container)
        try replaceFile(record, with: content.utf8)
        for command in [["state"], ["start"], ["kill"], ["delete"], ["pause"]] {
            let outcome = try OCIRuntime.program.run(["--root", container.stateRoot] + command + [container.id])
            outcome.expectSentence(record)
        }
        #expect(try container.processes().count == 1)
        try container.expectCleanDeletion("\(content)")
    }

    @Test func aRecordWithoutAConfigurationTellsThatNothingIsKnown() throws {
        let container = try Container()
        #expect(try container.create().succeeded)
        try replaceFile(file("state.json", of: container), with: [])
        try replaceFile(file("config.json", of: container), with: [])
        let outcome = try container.runtime("delete", "--force", container.id)
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(outcome.errors.contains("state.json"), "\(outcome.report)")
        #expect(try directoryEntries(container.stateRoot) == [])
    }

    @Test func aConfigurationDoesNotKeepItFromBeingDeleted() throws {
        let container = try Container.running()
        try replaceFile(file("config.json", of: container), with: "{".utf8)
        try container.exec(script: "true").expectSentence(file("config.json", of: container))
        try container.expectCleanDeletion("configuration")
    }

    @Test(arguments: ["exec.fifo", "report.fifo"]) func aFIFOThatIsGoneIsAnErrorOfStart(name: String) throws {
        let container = try Container()
        #expect(try container.create().succeeded)
        try removeFile(file(name, of: container))
        try container.start().expectSentence()
        try container.expectSaneState(name)
        try container.expectCleanDeletion(name)
    }

    /// Nobody reads from it: a start neither hangs nor is ended by that.
    @Test(arguments: ["exec.fifo", "report.fifo"]) func aFIFOThatIsAnotherOneIsAnErrorOfStart(name: String) throws {
        let container = try Container()
        #expect(try container.create().succeeded)
        try removeFile(file(name, of: container))
        try makeFIFO(file(name, of: container), mode: 0o600)
        try container.start().expectSentence()
        try container.expectCleanDeletion(name)
    }
}
