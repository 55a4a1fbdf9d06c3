import Linux
import Testing

@Suite("gocker-compose plan", .enabled(if: TestFiles.isRoot, "containers need root"))
struct PlanTests {
    private func services(port: Int, memory: String) -> String {
        """
        services:
          web:
            rootfs: rootfs
            command: [sleep, "1000"]
            stop_signal: KILL
            environment: {PORT: \(port)}
          db:
            rootfs: rootfs
            command: [sh, -c, "touch /mark; exec sleep 1000"]
            stop_signal: KILL
            mem_limit: \(memory)

        """
    }

    @Test func tellsWhatUpThenDoes() throws {
        let stack = try StackFixture(services(port: 80, memory: "64m"))
        let new = try stack.compose("plan")
        #expect(new.exitCode == 2)
        #expect(new.output == "+ web-1  create\n+ db-1   create\n")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let same = try stack.compose("plan")
        #expect(same.exitCode == 0)
        #expect(same.output == "= web-1  unchanged\n= db-1   unchanged\n")

        try stack.write(services(port: 81, memory: "128m"))
        let changed = try stack.compose("plan")
        #expect(changed.exitCode == 2)
        #expect(
            changed.output.replacing(stack.directory.path, with: "DIR") == """
                ~ web-1  recreate (environment.PORT: "80" → "81", DIR/stack.yaml:6)
                ~ db-1   change limits in place (mem_limit: "67108864" → "134217728", DIR/stack.yaml:11)

                """)
        let process = try stack.processID(of: "db-1")
        let up = try stack.compose("up", "-d")
        #expect(up.errors.contains("db-1   limits changed in place\n"))
        #expect(up.errors.contains("web-1  changed, is recreated\n"))
        #expect(try stack.compose("plan").exitCode == 0)
        // The same process goes on, with the new limit.
        #expect(try stack.processID(of: "db-1") == process)
        #expect(try limit(ofProcess: process) == "134217728")
        #expect(try stack.compose("ps", "--format", "json").output.contains("\"running\""))
    }

    /// The memory limit of the cgroup that a process is in.
    private func limit(ofProcess process: Int32) throws -> String? {
        for line in try readText("/proc/\(process)/cgroup").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[1].isEmpty || parts[1] == "memory" else { continue }
            for file in [
                "/sys/fs/cgroup\(parts[2])/memory.max", "/sys/fs/cgroup/memory\(parts[2])/memory.limit_in_bytes",
            ] {
                if let text = try? readText(file) { return text.split(separator: "\n").first.map(String.init) }
            }
        }
        return nil
    }

    @Test func aWrongFileIsNoPlan() throws {
        let stack = try StackFixture("services: {web: {rootfs: rootfs, comand: x}}\n")
        #expect(try stack.compose("plan").exitCode == 1)
    }
}
