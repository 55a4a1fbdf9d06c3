import FoundationEssentials
import Linux
import Testing

@Suite("gocker-compose top", .enabled(if: TestFiles.isRoot, "containers need root"))
struct TopTests {
    private static let yaml = """
        services:
          app: {rootfs: rootfs, command: [sh, -c, "sleep 1000 & sleep 2000 & wait"], stop_signal: KILL}
          other: {rootfs: rootfs, command: [sleep, "3000"], user: "4242", stop_signal: KILL}
          over: {rootfs: rootfs, command: ["true"]}
        """

    private struct Row: Decodable {
        let instance: String
        let service: String
        let uid: UInt32
        let user: String
        let pid: Int32
        let ppid: Int32
        let terminal: String
        let command: String
    }

    private func decode(_ text: String) throws -> [Row] {
        try JSONDecoder().decode([Row].self, from: Data(text.utf8))
    }

    @Test func showsEveryProcessAsTheHostNumbersThem() throws {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try decode(try stack.compose("top", "--format", "json").output).count == 4 })
        let rows = try decode(try stack.compose("top", "--format", "json").output)
        let first = try #require(rows.first { $0.command.hasPrefix("sh -c") })
        #expect(first.pid == (try stack.processID(of: "app-1")))
        #expect(
            rows.filter { $0.instance == "app-1" && $0.ppid == first.pid }.map(\.command).sorted() == [
                "sleep 1000", "sleep 2000",
            ])
        let other = try #require(rows.first { $0.service == "other" })
        #expect(other.uid == 4242)
        #expect(other.user == "4242")
        #expect(other.terminal == "?")
        #expect(first.user == "root")

        let table = try stack.compose("top", "other").lines
        #expect(table.count == 2)
        #expect(
            table.first?.split(separator: " ").joined(separator: " ") == "INSTANCE UID PID PPID C STIME TTY TIME CMD")
        #expect(table.last?.contains("sleep 3000") == true)
        #expect(try stack.compose("top", "othr").errors.contains("did you mean \"other\"?"))
    }

    @Test func hasCommandsOfExecAmongThem() throws {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("exec", "-d", "other", "sleep", "4000").exitCode == 0)
        let rows = try decode(try stack.compose("top", "--format", "json", "other").output)
        #expect(rows.map(\.command).sorted() == ["sleep 3000", "sleep 4000"])
        // What a process calls itself does not reach the terminal as it is.
        #expect(try stack.compose("exec", "-d", "other", "sh", "-c", "sleep 5000 #\u{1B}[31m").exitCode == 0)
        #expect(!(try stack.compose("top").output.contains("\u{1B}")))
    }
}
