import Linux
import Testing

@Suite("A container that does not exist", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct UnknownContainerTests {
    /// runtime.md, Operations: an error for each; engines recognise it by this text.
    @Test(
        arguments: [
            ["state"], ["start"], ["delete"], ["pause"], ["resume"], ["ps"], ["kill"], ["events", "--stats"],
            ["update", "--pids-limit", "9"],
        ])
    func isAnErrorInTheseWords(command: [String]) throws {
        try expectError(command + ["unknown"])
    }

    @Test func isAnErrorInTheseWordsForExec() throws {
        try expectError(["exec", "unknown", "true"])
    }

    private func expectError(_ command: [String]) throws {
        let directory = try TemporaryDirectory()
        let outcome = try OCIRuntime.program.run(["--root", directory.path] + command)
        #expect(!outcome.succeeded)
        #expect(outcome.errors.contains("does not exist"), "\(outcome.report)")
        #expect(outcome.output == "")
    }
}
