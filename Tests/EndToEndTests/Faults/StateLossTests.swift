import Linux
import Testing

/// What is left of a stack whose journal, directory or machine is not what it was.
@Suite("A stack whose state is damaged", .enabled(if: TestFiles.isRoot, "containers need root"))
struct StateLossTests {
    @Test func aTornJournalIsReadAsFarAsItGoes() throws {
        let stack = try StackFixture(StackFixture.steady)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        for _ in 0..<3 {
            try stack.killSupervisor()
            let bytes = try readFile(stack.journal)
            let file = try FileDescriptor.open(stack.journal, .write)
            try file.setSize(Int64(bytes.count - 7))
            #expect(try stack.compose("up", "-d").exitCode == 0)
            #expect(try stack.firstProcesses().mapValues(\.count) == ["app-1": 1, "other-1": 1])
            // The first line of an instance that was written anew before is what counts then.
            #expect(try stack.firstProcesses()["app-1"] == before["app-1"])
        }
    }

    @Test func aLostJournalCostsARestartAndMakesNoSecondCopy() throws {
        let stack = try StackFixture(StackFixture.steady)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        try stack.killSupervisor()
        try removeFile(stack.journal)
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 0, "\(up.errors)")
        let after = try stack.firstProcesses()
        #expect(after.mapValues(\.count) == ["app-1": 1, "other-1": 1])
        #expect(after["app-1"] != before["app-1"])
        try stack.killSupervisor()
        try removeFile(stack.journal)
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    /// What a journal from before a reboot says of processes means nothing.
    @Test func afterARebootNothingIsTakenForWhatRan() throws {
        let stack = try StackFixture(
            """
            services:
              app: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"]}
              job: {rootfs: rootfs, command: [sh, -c, "echo done"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "job-1")["STATE"] == "exited" })
        try stack.killSupervisor()
        try ProcessHandle(opening: try stack.processID(of: "app-1")).send(.kill)
        #expect(try stack.eventually { try stack.firstProcesses().isEmpty })
        let boot = try readText("/proc/sys/kernel/random/boot_id").filter { !$0.isWhitespace }
        let lines = try readText(stack.journal).split(separator: "\n").map { line in
            let record = String(line.dropFirst(9)).replacing(boot, with: "00000000-0000-0000-0000-000000000000")
            return "\(checksum(record)) \(record)\n"
        }
        try FileDescriptor.open(stack.journal, [.write, .truncate]).writeAll(lines.joined().utf8)
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 0)
        #expect(up.errors.contains("job-1  unchanged") || !up.errors.contains("job-1  started"), "\(up.errors)")
        #expect(try stack.firstProcesses().mapValues(\.count) == ["app-1": 1])
        #expect(try stack.row(of: "app-1")["RESTARTS"] == "0")
        #expect(try stack.compose("logs", "job").output == "job-1  | done\n")
    }

    /// CRC-32 as in IEEE 802.3.
    private func checksum(_ text: String) -> String {
        var value = ~UInt32(0)
        for byte in text.utf8 {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        let digits = String(~value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// While the disk under journal and logs is full everything goes on, and once there is room nothing is the worse for it.
    @Test func aFullDiskStopsNobody() throws {
        let disk = try DetachedMount(fileSystem: "tmpfs", options: "size=4m,mode=700", flags: []).intoDescriptor()
        let root = "/proc/\(ownProcessID)/fd/\(disk.number)"
        // Without overlays: not every kernel makes one of a file system that is not mounted anywhere.
        let stack = try StackFixture(
            """
            services:
              counter:
                rootfs: {path: rootfs, overlay: false}
                stop_signal: KILL
                restart: always
                command: [sh, -c, "i=0; while true; do i=$$((i+1)); echo $$i; sleep 0.01; done"]
              app: {rootfs: {path: rootfs, overlay: false}, stop_signal: KILL, restart: always, command: [sleep, "600"]}
            """, dataBase: "\(root)/data")
        defer { _ = try? stack.compose("down") }
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 0, "\(up.errors)")
        let counter = try stack.processID(of: "counter-1")
        let hog = try FileDescriptor.open("\(root)/hog", [.write, .create], mode: 0o600)
        let block = [UInt8](repeating: 1, count: 4096)
        while (try? hog.writeAll(block)) != nil {}

        let killed = try stack.processID(of: "app-1")
        try ProcessHandle(opening: killed).send(.kill)
        #expect(try stack.eventually { try stack.firstProcesses()["app-1"].map { $0 != [killed] } == true })
        #expect(try stack.compose("restart", "app").exitCode == 0)
        #expect(try stack.firstProcesses()["counter-1"] == [counter])
        try stack.killSupervisor()
        let again = try stack.compose("up", "-d")
        #expect(again.exitCode == 0, "\(again.errors)")
        #expect(try stack.firstProcesses().mapValues(\.count) == ["app-1": 1, "counter-1": 1])
        #expect(try stack.firstProcesses()["counter-1"] == [counter])

        try hog.setSize(0)
        let seen = try stack.logNumbers(of: "counter").last?.number ?? 0
        #expect(try stack.eventually { (try stack.logNumbers(of: "counter").last?.number ?? 0) > seen + 50 })
        var next: Int?
        for line in try stack.logNumbers(of: "counter") {
            #expect(next == nil || line.number == next)
            next = line.number + max(line.lost, 1)
        }
        // What has changed meanwhile is written down now.
        let app = try #require(try stack.firstProcesses()["app-1"]?.first)
        #expect(try stack.eventually { try stack.states()["app-1"] == "running" })
        #expect(try stack.processID(of: "app-1") == app)
        try stack.killSupervisor()
        #expect(try stack.compose("up", "-d").errors.split(separator: "\n").allSatisfy { $0.hasSuffix("unchanged") })
        #expect(try stack.firstProcesses()["app-1"] == [app])
    }
}
