import Linux
import Testing

@Suite("wait", .enabled(if: TestFiles.isRoot, "containers need root"))
struct WaitTests {
    private let yaml =
        "services:\n" + StackFixture.sleeper("forever")
            + """
              faster: {rootfs: rootfs, command: [sh, -c, "sleep 0.5; exit 4"]}
              slower: {rootfs: rootfs, command: [sh, -c, "sleep 1.5; exit 5"]}

            """

    @Test func returnsWithTheServiceThatIsNamedAsItEnded() throws {
        let stack = try StackFixture(yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("wait", "faster").exitCode == 4)
        #expect(try stack.states()["forever-1"] == "running")
        #expect(try stack.compose("wait", "slower").exitCode == 5)
        #expect(try stack.states() == ["faster-1": "exited", "slower-1": "exited", "forever-1": "running"])
    }

    @Test func takesEverythingDownWhereItIsAskedTo() throws {
        let stack = try StackFixture(yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("wait", "--down-project", "faster").exitCode == 4)
        #expect(try stack.traces().cgroups.isEmpty)
        #expect((try? FileStatus.of(stack.runBase)) == nil)
    }
}
