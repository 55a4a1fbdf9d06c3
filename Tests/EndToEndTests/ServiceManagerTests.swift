import Linux
import Testing

@Suite("A supervisor under a service manager", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ServiceManagerTests {
    /// Who has started a supervisor, as systemd does, and hears how it does. See sd_notify(3).
    private final class Manager {
        private let directory: TemporaryDirectory
        private let receiver: FileDescriptor
        private(set) var messages: [String] = []
        var variable: String { "NOTIFY_SOCKET=\(directory.path)/notify" }

        init() throws {
            directory = try TemporaryDirectory()
            receiver = try FileDescriptor.open(directory.path, .path).listenForDatagrams(at: "notify")
        }

        private func collect() throws {
            while let datagram = try receiver.receiveDatagram() {
                messages.append(String(decoding: datagram.bytes, as: UTF8.self))
            }
        }

        /// The first message that begins like this, and has not been waited for before.
        func next(_ beginning: String, within timeout: Duration = .seconds(20)) throws -> String? {
            let deadline = MonotonicTime.now + timeout
            while true {
                try collect()
                if let index = messages.firstIndex(where: { $0.hasPrefix(beginning) }) {
                    defer { messages.removeFirst(index + 1) }
                    return messages[index]
                }
                guard .now < deadline else { return nil }
                _ = try Poller().wait(timeout: .milliseconds(10))
            }
        }
    }

    private static func supervise(_ stack: StackFixture, _ manager: Manager, _ more: String...) throws -> RunningProgram
    {
        try Program.compose.start(
            ["-f", stack.file, "-p", stack.project, "supervise"],
            environment: stack.environment + [manager.variable] + more)
    }

    private static func sleeper(_ keys: String...) -> String {
        "services:\n" + StackFixture.sleeper("app", keys.joined(separator: ", "))
    }

    @Test func tellsWhatItDoes() throws {
        let stack = try StackFixture(Self.sleeper("stop_grace_period: 90s"))
        let manager = try Manager()
        let supervisor = try Self.supervise(stack, manager)
        #expect(try manager.next("FDSTORE=1") == "FDSTORE=1\nFDPOLL=0\nFDNAME=app-1")
        #expect(try manager.next("READY=1") == "READY=1\nSTATUS=1 instances")
        #expect(try stack.row(of: "app-1")["STATE"] == "running")

        try stack.write(Self.sleeper("stop_grace_period: 90s", "environment: {A: b}"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try manager.next("RELOADING=1") == "RELOADING=1")
        #expect(try manager.next("FDSTOREREMOVE=1") == "FDSTOREREMOVE=1\nFDNAME=app-1")
        #expect(try manager.next("FDSTORE=1") != nil)
        #expect(try manager.next("READY=1") == "READY=1\nSTATUS=1 instances")

        try supervisor.process.send(.terminate)
        // The grace period, and half a minute for what is left to be done.
        #expect(try manager.next("STOPPING=1") == "STOPPING=1\nEXTEND_TIMEOUT_USEC=120000000")
        #expect(try manager.next("FDSTOREREMOVE=1") != nil)
        #expect(try supervisor.finish().exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func isReadyWhenTheStackIs() throws {
        let stack = try StackFixture(
            """
            services:
              job: {rootfs: rootfs, command: [sleep, "0.5"]}
              app:
                rootfs: rootfs
                command: [sleep, "600"]
                stop_signal: KILL
                depends_on: {job: {condition: service_completed_successfully}}
            """)
        let manager = try Manager()
        let supervisor = try Self.supervise(stack, manager)
        #expect(try manager.next("READY=1") == "READY=1\nSTATUS=2 instances")
        #expect(try stack.row(of: "job-1")["STATE"] == "exited")
        #expect(try stack.row(of: "app-1")["STATE"] == "running")
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try manager.next("STOPPING=1") != nil)
        #expect(try supervisor.finish().exitCode == 0)
    }

    @Test func isReadyBeforeItEndsWhereAllIsDoneAtOnce() throws {
        let stack = try StackFixture("services:\n  job: {rootfs: rootfs, command: [\"true\"]}\n")
        let manager = try Manager()
        let supervisor = try Self.supervise(stack, manager)
        #expect(try supervisor.finish().exitCode == 0)
        #expect(try manager.next("READY=1") == "READY=1\nSTATUS=1 instances")
    }

    @Test func saysThatItLivesAlsoAsAnotherProgram() throws {
        let stack = try StackFixture(Self.sleeper())
        let manager = try Manager()
        let supervisor = try Self.supervise(stack, manager, "WATCHDOG_USEC=400000")
        #expect(try manager.next("READY=1") != nil)
        for _ in 0..<3 { #expect(try manager.next("WATCHDOG=1", within: .seconds(5)) != nil) }
        #expect(try stack.compose("upgrade").exitCode == 0)
        // What it said before is out of the way with the first of these.
        #expect(try manager.next("READY=1") != nil)
        for _ in 0..<3 { #expect(try manager.next("WATCHDOG=1", within: .seconds(5)) != nil) }
        #expect(try supervisor.process.poll() == nil)
        try supervisor.process.send(.terminate)
        #expect(try manager.next("STOPPING=1") != nil)
        #expect(try supervisor.finish().exitCode == 0)
    }

    @Test func asksTheHandlesThatWereKeptForIt() throws {
        guard let kernel = KernelVersion.running, kernel >= KernelVersion(major: 6, minor: 15) else {
            return print("skipped: only Linux 6.15 and later tell how somebody else's child has ended")
        }
        let stack = try StackFixture(
            """
            services:
              app: {rootfs: rootfs, command: [sh, -c, "trap 'exit 7' USR1; while true; do sleep 0.1; done"]}
              other: {rootfs: rootfs, command: [sleep, "600"], stop_signal: KILL}
            """)
        let manager = try Manager()
        let first = try Self.supervise(stack, manager)
        #expect(try manager.next("READY=1") != nil)
        let service = try ProcessHandle(opening: try stack.processID(of: "app-1"))
        try first.process.send(.kill)
        _ = try first.finish()
        try service.send(.user1)
        #expect(try stack.eventually { try stack.row(of: "app-1")["STATE"] == "lost" })

        // As systemd passes them on: from descriptor 3, with names.
        let words = [Program.compose.path, "-f", stack.file, "-p", stack.project, "supervise"]
        let nothing = try FileDescriptor.open("/dev/null", .readWrite)
        let second = try spawn(
            path: "/bin/sh", arguments: ["sh", "-c", "export LISTEN_PID=$$; exec \"$@\"", "sh"] + words,
            environment: TestFiles.environment.filter { !$0.hasPrefix("GOCKER_RUN_DIR=") } + stack.environment
                + [manager.variable, "LISTEN_FDS=1", "LISTEN_FDNAMES=app-1"],
            descriptors: [nothing.number, nothing.number, nothing.number, service.descriptor.number])
        #expect(try manager.next("FDSTOREREMOVE=1") == "FDSTOREREMOVE=1\nFDNAME=app-1")
        #expect(try manager.next("READY=1") != nil)
        #expect(try stack.row(of: "app-1")["STATE"] == "exited")
        let row = try stack.row(of: "app-1")
        #expect(row["EXIT"] == "7", "\(row)")
        try second.send(.terminate)
        #expect(try second.wait().shellCode == 0)
    }

    private static let analyze = "/usr/bin/systemd-analyze"

    @Test(.enabled(if: (try? FileStatus.of(analyze)) != nil, "there is no systemd-analyze"))
    func hasUnitsThatSystemdUnderstands() throws {
        let stack = try StackFixture(Self.sleeper())
        let odd = "\(stack.directory.path)/a b%n$HOME"
        try stack.directory.write(
            "a b%n$HOME/stack.yaml", Self.sleeper().replacing("rootfs: rootfs", with: "rootfs: /"))
        for arguments in [["--template"], ["\(odd)/stack.yaml"]] {
            let units = "\(stack.directory.path)/units\(arguments.count)\(arguments[0].count)"
            try makeDirectory(units)
            let written = try Program.compose.run(["install-unit", "--directory", units] + arguments)
            #expect(written.exitCode == 0, "\(written.errors)")
            let name = try #require(try directoryEntries(units).first)
            // Of a template systemd-analyze looks at an instance.
            let instance = name.replacing("@.", with: "@x.")
            if instance != name { try makeSymbolicLink(to: name, at: "\(units)/\(instance)") }
            let outcome = try Program(path: Self.analyze).run("verify", "--man=no", "\(units)/\(instance)")
            #expect(!outcome.errors.contains(units) && !outcome.errors.contains(instance), "\(outcome.errors)")
            #expect(outcome.exitCode == 0)
        }
    }
}
